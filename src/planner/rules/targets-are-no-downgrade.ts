import type { Finding } from '../../model/plan';
import { nameList } from '../name-list';
import { runScope } from '../run-scope';
import { compareEsxi, compareVersions } from '../versions';
import type { Rule } from './rule';

/** Neither the appliance API nor vSphere Lifecycle Manager goes to an older version. */
export const targetsAreNoDowngrade: Rule = (request, inventory) => {
  const { vCenters, clusters } = runScope(request, inventory);
  return [
    ...vCenters.flatMap(({ vCenter, upgradeTo }): Finding[] => {
      if (upgradeTo === undefined || (compareVersions(upgradeTo, vCenter.version) ?? 0) >= 0) return [];
      return [
        {
          code: 'VTA_TARGET_IS_DOWNGRADE',
          subject: `vCenter ${vCenter.name}`,
          message: `${vCenter.name} runs ${vCenter.version}; the target ${upgradeTo} is older.`,
          remedy: 'Name a newer version, or none to leave the vCenters as they are.',
        },
      ];
    }),
    ...clusters.flatMap(({ cluster, target, toUpgrade }): Finding[] => {
      const esxi = target?.esxi;
      if (target === undefined || esxi === undefined) return [];
      const newer = toUpgrade.filter((host) => (compareEsxi(esxi, host) ?? 0) < 0);
      if (newer.length === 0) return [];
      const hosts = newer.map((host) => `${host.name} (${host.version} build ${host.build})`);
      return [
        {
          code: 'VTA_TARGET_IS_DOWNGRADE',
          subject: `cluster ${cluster.name}`,
          message: `The target ${target.image.baseImage} of cluster ${cluster.name} is older than what runs on ${nameList(hosts)}.`,
          remedy: 'Choose an image that is at least as new as every host; vSphere Lifecycle Manager never goes back.',
        },
      ];
    }),
  ];
};
