import type { HostFacts } from '../../model/inventory';
import type { MaintenanceModeChange } from '../../model/ledger';
import type { Finding } from '../../model/plan';
import { leftInMaintenanceMode } from '../left-in-maintenance-mode';
import { isAtWork } from '../open-children';
import { isOutOfService } from '../out-of-service';
import { runScope, type ClusterInRun } from '../run-scope';
import type { Rule } from './rule';

/**
 * R10: never two hosts of a tier out of service. One that is out already goes first; that works only if it is the only
 * one and is to be upgraded at all. A host on which an earlier run's child is at work is waited for and does not count.
 */
export const oneHostOut: Rule = (request, inventory) => {
  const { clusters } = runScope(request, inventory);
  return ([2, 4] as const).flatMap((phase): Finding[] => {
    const ofPhase = clusters.filter((inRun) => inRun.phase === phase);
    if (ofPhase.every(({ toUpgrade }) => toUpgrade.length === 0)) return [];
    const out = ofPhase.flatMap((inRun) =>
      outOfService(inRun).filter(({ host }) => !isAtWork(inventory, 'host', host.name)),
    );
    if (out.length === 1 && out.every(({ upgraded }) => upgraded)) return [];
    return out.map(({ host, upgraded }) => refusal(host, upgraded, out.length, leftInMaintenanceMode(inventory, host)));
  });
};

function outOfService({ cluster, toUpgrade, atTarget }: ClusterInRun): { host: HostFacts; upgraded: boolean }[] {
  return [
    ...toUpgrade.map((host) => ({ host, upgraded: true })),
    ...atTarget.map((host) => ({ host, upgraded: false })),
  ].filter(({ host }) => isOutOfService(host, cluster.role));
}

function refusal(host: HostFacts, upgraded: boolean, out: number, left: MaintenanceModeChange | undefined): Finding {
  const because = upgraded
    ? `cannot go first, because ${out - 1} other host${out === 2 ? ' is' : 's are'} out of service too`
    : 'is at its target and needs nothing, so it would be out of service while other hosts are upgraded';
  if (host.inMaintenanceMode) {
    return {
      code: 'VTA_HOST_IN_MAINTENANCE_MODE',
      subject: `host ${host.name}`,
      message: `Host ${host.name} is in maintenance mode${left === undefined ? '' : `, in which an earlier run (${left.runId}) left it,`} and ${because}.`,
      remedy: 'Take it out of maintenance mode (once it is fit for that), then ask again.',
    };
  }
  const state = host.attestation === 'unknown' ? 'is not known to attest' : 'does not attest';
  return {
    code: 'VTA_HOST_NOT_ATTESTED',
    subject: `host ${host.name}`,
    message: `Trusted Host ${host.name} ${state} and ${because}.`,
    remedy:
      'Bring it to attest first: export the base image of this host and import it into the Trust Authority Cluster, ' +
      'or reboot it fully if it was upgraded by Quick Boot.',
  };
}
