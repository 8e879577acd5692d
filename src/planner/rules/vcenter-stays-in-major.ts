import type { Finding } from '../../model/plan';
import { runScope } from '../run-scope';
import { majorOf, removesTrustAuthority } from '../versions';
import type { Rule } from './rule';

/** The appliance's update API patches within a major version; a major step deploys a new appliance. */
export const vCenterStaysInMajor: Rule = (request, inventory) =>
  runScope(request, inventory).vCenters.flatMap(({ vCenter, upgradeTo }): Finding[] => {
    const [from, to] = [majorOf(vCenter.version), upgradeTo === undefined ? undefined : majorOf(upgradeTo)];
    if (upgradeTo === undefined || from === undefined || to === undefined) return [];
    if (to <= from || removesTrustAuthority(upgradeTo)) return [];
    return [
      {
        code: 'VTA_VCENTER_MAJOR_STEP',
        subject: `vCenter ${vCenter.name}`,
        message:
          `${vCenter.name} runs ${vCenter.version}; going to ${upgradeTo} is a major step, which deploys a new appliance. ` +
          `The update API of an appliance only goes up within a major version.`,
        remedy:
          `Upgrade ${vCenter.name} with the vCenter installer (it deploys the new appliance and moves the data), ` +
          `then start the run again: a vCenter that is there already is skipped.`,
      },
    ];
  });
