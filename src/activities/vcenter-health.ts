import type { Activities } from './activities';
import type { FindSite } from './dependencies';
import { throughRestart } from './through-restart';
import { callOptions, waitUntil } from './wait';

/** A vCenter after its update. */
export function createVCenterHealthActivities(findSite: FindSite): Pick<Activities, 'vtaWaitVCenterHealthy'> {
  return {
    async vtaWaitVCenterHealthy(input) {
      const site = findSite(input);
      const { vCenter, pace, awayBefore } = input;
      const { appliance, inventory, vim } = await site.connections.vCenter(vCenter.name);
      return await waitUntil({
        what: `${vCenter.name} being healthy`,
        code: 'VTA_VCENTER_UNHEALTHY',
        pace,
        deadlineMs: pace.serviceHealth.deadlineMs,
        remedy: 'Mend what is named, then decide "retry".',
        look: throughRestart(pace, async () => {
          const options = callOptions(pace);
          const { version } = await appliance.version(options);
          if (version !== vCenter.to) return { pending: `it runs ${version}` };
          const health = await appliance.health(options);
          if (health !== 'green' && health !== 'yellow') return { pending: `its health is ${health}` };
          await vim.server.currentTime(options);
          const hosts = await inventory.hosts({}, options);
          const away = hosts.filter((host) => host.connection_state !== 'CONNECTED' && !awayBefore.includes(host.name));
          if (away.length > 0)
            return { pending: away.map((host) => `${host.name} is ${host.connection_state}`).join(', ') };
          return { done: { version } };
        }),
      });
    },
  };
}
