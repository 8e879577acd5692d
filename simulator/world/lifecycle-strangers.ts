import type { FaultRule } from './faults';
import { commitSpec } from './lifecycle-drafts';
import type { Cluster, VCenter } from './state';
import type { World } from './world';

/** The account in whose name the faults of this file act. */
export const STRANGER = 'somebody-else@vsphere.local';

/**
 * Other people at work: `desired-image-edited` commits another image when a host of the cluster leaves maintenance
 * mode; `stranger-remediates` applies the image to the WHOLE cluster when a host has entered it. Call once a world.
 * @param startApply starts that remediation as the API would, in the name of STRANGER
 */
export function followStrangers(world: World, startApply: (vCenter: VCenter, cluster: Cluster) => void): void {
  world.events.subscribe((event) => {
    if (event.what !== 'maintenance-mode-left' && event.what !== 'maintenance-mode-entered') return;
    const host = world.state.hosts.find((candidate) => candidate.name === event.host);
    const vCenter = host && world.managerOf(host);
    const cluster = host && world.clusterOf(host);
    if (!vCenter || !cluster) return;
    const kind = event.what === 'maintenance-mode-left' ? 'desired-image-edited' : 'stranger-remediates';
    const rule = world.faults.take([kind], { vCenter, host });
    if (!rule) return;
    if (kind === 'desired-image-edited') editDesiredImage(world, vCenter, cluster, rule);
    // Once the host is no longer busy with what the event tells.
    else world.clock.after(0, () => startApply(vCenter, cluster));
  });
}

function editDesiredImage(world: World, vCenter: VCenter, cluster: Cluster, rule: FaultRule): void {
  const current = cluster.lifecycle.commits.at(-1)?.spec;
  const baseImage = rule.baseImage ?? vCenter.depot.baseImages.at(-1)?.version ?? current?.baseImage;
  if (baseImage === undefined) return;
  const spec = { components: {}, ...current, baseImage };
  commitSpec(world, vCenter, cluster, spec, { user: STRANGER, message: 'Edited by somebody else.' });
}
