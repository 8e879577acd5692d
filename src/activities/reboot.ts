import type { Activities } from './activities';
import type { FindSite } from './dependencies';
import { isAfter, seeHost } from './host-facts';
import { lookAtTasks } from './one-task';
import { refuse } from './to-failure';
import { callOptions, isPast, waitUntil } from './wait';

const REBOOT = /reboot/i;

/** A full reboot, which an upgrade is not asked to be: after a Quick Boot only that changes what a host attests with. */
export function createRebootActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureRebootBegun'> {
  return {
    async vtaEnsureRebootBegun(input) {
      const { host: planned, cluster, baseline, pace, startedAfter, beginBy } = input;
      const site = findSite(input);
      const { vim, applyPolicies } = await site.connections.vCenter(planned.vCenter);
      const end = await waitUntil<true | 'not begun'>({
        what: `The reboot of ${planned.name} being begun`,
        code: 'VTA_REBOOT_FAILED',
        pace,
        deadlineMs: pace.services.deadlineMs,
        remedy: 'Look at its tasks in vCenter, then decide "retry".',
        async look(remember, remembered, late) {
          const { host } = await seeHost(site, planned, pace);
          const options = callOptions(pace);
          if (isAfter(host.bootTime, baseline.bootTime)) return { done: true };
          // It is on its way down or up: whoever sent it there, a boot is what is wanted.
          if (host.connectionState === 'notResponding') return { done: true };
          const about = [{ object: { type: 'HostSystem', id: planned.id }, operation: REBOOT }];
          const task = await lookAtTasks(vim, about, remembered, options);
          if (task.kind === 'running') return { pending: task.pending };
          if (task.kind === 'failed')
            throw refuse(
              'VTA_REBOOT_FAILED',
              `${planned.name} was not rebooted: ${task.fault.message} It is ${host.inMaintenanceMode ? '' : 'NOT '}in maintenance mode. Remove the cause, then decide "retry".`,
            );
          // The task ends when the host was told; it has not gone away yet.
          if (task.kind === 'ended') return { done: true };
          const ended = (await vim.tasks.recentOf({ type: 'HostSystem', id: planned.id }, options)).some(
            ({ descriptionId, state, queueTime }) =>
              REBOOT.test(descriptionId) && state === 'success' && isAfter(queueTime, startedAfter),
          );
          if (ended) return { done: true };
          if (isPast(beginBy, site)) return { done: 'not begun' };
          if (late) return { pending: 'nothing is begun any more after the deadline' };
          if (!host.inMaintenanceMode) return { pending: 'it is not in maintenance mode' };
          const { enable_quick_boot: quickBoot } = await applyPolicies.effective(cluster.id, options);
          if (quickBoot !== false)
            throw refuse(
              'VTA_REBOOT_FAILED',
              `Quick Boot is on in ${cluster.name} again, so that a reboot of ${planned.name} would be no full one (R14). It was not rebooted and is in maintenance mode. Switch it off, then decide "retry".`,
            );
          const { id } = await vim.hostOperations.reboot(planned.id, false, options);
          remember({ stage: 'reboot', task: id });
          return { pending: 'the task has begun' };
        },
      });
      return end === 'not begun' ? end : undefined;
    },
  };
}
