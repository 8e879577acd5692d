import type { VCenterReadiness } from '../model/work';
import type { Activities, VCenterStepInput } from './activities';
import { vCenterName } from './connections';
import type { FindSite, Site } from './dependencies';
import { refuse } from './to-failure';
import { precheck } from './update-answers';
import { strangersWork, whatItSays } from './updater';
import { callOptions } from './wait';

/** What is true of a vCenter before it is updated; changes nothing. */
export function createVCenterReadinessActivities(findSite: FindSite): Pick<Activities, 'vtaReadVCenterReadiness'> {
  return {
    async vtaReadVCenterReadiness(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const { appliance, update, vim } = await site.connections.vCenter(vCenter.name);
      const options = callOptions(pace);
      const vCenterTime = await vim.server.currentTime(options);
      const { version } = await appliance.version(options);
      const updater = await update.state(options);
      const stranger = strangersWork(vCenter, updater);
      if (stranger !== undefined)
        throw refuse(
          'VTA_STRANGER_AT_WORK',
          `${vCenter.name} runs ${version}, and ${stranger}. Nothing was changed by this attempt. When that has ended, decide "retry".`,
        );
      // What an earlier attempt of ours began is attached to and not checked again: its hosts may be away for that.
      const installing = updater.state === 'INSTALL_IN_PROGRESS';
      const alreadyThere = version === vCenter.to && !installing;
      const awayBefore = await awayNow(site, input, installing || alreadyThere);
      const ready: VCenterReadiness = { version, alreadyThere, installing, vCenterTime, awayBefore };
      if (installing || alreadyThere) return ready;
      const health = await appliance.health(options);
      if (health !== 'green' && health !== 'yellow')
        throw refuse(
          'VTA_VCENTER_PRECHECK_FAILED',
          `${vCenter.name} is ${health}. Nothing was changed. Make it healthy, then decide "retry".`,
        );
      if (updater.state === 'INSTALL_FAILED' || updater.state === 'ROLLBACK_IN_PROGRESS')
        throw refuse(
          'VTA_VCENTER_PRECHECK_FAILED',
          `The updater of ${vCenter.name} says ${whatItSays(updater)}. Nothing was changed by this attempt. Mend it, or restore the appliance, then decide "retry".`,
        );
      // While an update is staged there is no pre-check; it is made before the installation in any case.
      if (updater.state !== 'STAGE_IN_PROGRESS') await precheck(site, input);
      return ready;
    },
  };
}

/**
 * Names of the hosts that need not be connected after the update. Once the update was begun it cannot be told which
 * hosts were away before it; then only those of clusters that the configuration does not name are left out.
 */
async function awayNow(site: Site, { vCenter, pace }: VCenterStepInput, begun: boolean): Promise<string[]> {
  const { inventory } = await site.connections.vCenter(vCenter.name);
  const options = callOptions(pace);
  const hosts = await inventory.hosts({}, options);
  const away = hosts.filter((host) => host.connection_state !== 'CONNECTED').map((host) => host.name);
  if (!begun || away.length === 0) return away;
  const clusters = await inventory.clusters(configuredClusters(site, vCenter.name), options);
  const ids = clusters.map(({ cluster }) => cluster);
  const ours = ids.length === 0 ? [] : await inventory.hosts({ clusters: ids }, options);
  return away.filter((name) => !ours.some((host) => host.name === name));
}

function configuredClusters({ infrastructure }: Site, name: string): string[] {
  const { trustAuthority, trusted } = infrastructure;
  return [
    ...(vCenterName(trustAuthority.vCenter) === name ? [trustAuthority.cluster] : []),
    ...trusted.flatMap(({ vCenter, clusters }) => (vCenterName(vCenter) === name ? clusters : [])),
  ];
}
