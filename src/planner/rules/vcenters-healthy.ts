import type { VCenterFacts } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import { isAtWork } from '../open-children';
import { runScope } from '../run-scope';
import { parseVersion } from '../versions';
import type { Rule } from './rule';

/** What the update states of an appliance mean for somebody who wants to begin. */
const UPDATE_UNDER_WAY = ['STAGE_IN_PROGRESS', 'INSTALL_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'];

/** A vCenter that is in the run, by itself or by its hosts, must be well and not be changed by somebody else. */
export const vCentersHealthy: Rule = (request, inventory) => {
  const { vCenters, clusters } = runScope(request, inventory);
  const inRun = [
    ...vCenters.filter(({ upgradeTo }) => upgradeTo !== undefined),
    ...clusters.filter(({ toUpgrade }) => toUpgrade.length > 0),
  ];
  const byName = new Map(inRun.map(({ vCenter }) => [vCenter.name, vCenter]));
  return [...byName.values()]
    .filter(({ name }) => !isAtWork(inventory, 'vcenter', name))
    .flatMap((vCenter) =>
      troublesOf(vCenter).map((trouble) => ({ code, subject: `vCenter ${vCenter.name}`, ...trouble })),
    );
};

const code = 'VTA_VCENTER_UNHEALTHY';

function troublesOf(vCenter: VCenterFacts): Pick<Finding, 'message' | 'remedy'>[] {
  const { name, version, health, updateState } = vCenter;
  const troubles: Pick<Finding, 'message' | 'remedy'>[] = [];
  if (health !== 'green' && health !== 'yellow') {
    const what = health === 'unknown' ? 'could not be read' : `is ${health}`;
    troubles.push({
      message: `The health of ${name} ${what}.`,
      remedy: `See what its management interface (port 5480) says, set it right, and ask again.`,
    });
  }
  if (UPDATE_UNDER_WAY.includes(updateState)) {
    troubles.push({
      message: `An update of ${name} that this product did not start is under way (${updateState}).`,
      remedy: 'Let it end, or cancel it where it was started, and ask again.',
    });
  }
  if (updateState === 'INSTALL_FAILED') {
    troubles.push({
      message: `The last update of ${name} failed (INSTALL_FAILED); it runs ${version}.`,
      remedy: `Finish or roll back that update in its management interface (port 5480), then ask again.`,
    });
  }
  if (parseVersion(version) === undefined) {
    troubles.push({
      message: `${name} tells a version that is not understood ("${version}").`,
      remedy: 'See whether the appliance is well; the plan needs to know what it runs.',
    });
  }
  return troubles;
}
