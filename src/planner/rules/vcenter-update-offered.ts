import type { Finding } from '../../model/plan';
import { nameList } from '../name-list';
import { runScope } from '../run-scope';
import { compareVersions, majorOf, removesTrustAuthority } from '../versions';
import type { Rule } from './rule';

/** A vCenter installs what its update source offers it, and nothing else. Other reasons against the version go first. */
export const vCenterUpdateOffered: Rule = (request, inventory) =>
  runScope(request, inventory).vCenters.flatMap(({ vCenter, upgradeTo }): Finding[] => {
    if (upgradeTo === undefined || removesTrustAuthority(upgradeTo)) return [];
    const step = compareVersions(upgradeTo, vCenter.version);
    if (step === undefined || step < 0 || majorOf(upgradeTo) !== majorOf(vCenter.version)) return [];
    const offered = vCenter.pendingUpdates.map(({ version }) => version);
    if (offered.some((version) => compareVersions(version, upgradeTo) === 0)) return [];
    const offers = offered.length === 0 ? 'no update at all' : nameList(offered, 8);
    return [
      {
        code: 'VTA_TARGET_NOT_AVAILABLE',
        subject: `vCenter ${vCenter.name}`,
        message: `${vCenter.name} runs ${vCenter.version} and is not offered ${upgradeTo}; it is offered ${offers}.`,
        remedy:
          `Name an offered version, or have the appliance look again (its management interface, port 5480: ` +
          `Update > Check Updates, or attach the ISO of the patch).`,
      },
    ];
  });
