import { sleep } from '@temporalio/activity';
import type { NotBegun } from '../model/work';
import { sameAccount } from './account';
import type { Activities, HostStepInput } from './activities';
import type { FindSite, Site } from './dependencies';
import { seeHost } from './host-facts';
import { refuse } from './to-failure';
import { callOptions, isPast, waitUntil, type Look } from './wait';

/** Name of the operation in vCenter's tasks. */
const ENTER = 'HostSystem.enterMaintenanceMode';
const EXIT = 'HostSystem.exitMaintenanceMode';

const LOOKS_AFTER_CANCEL = 10;

type MaintenanceModeInput = Parameters<Activities['vtaEnsureMaintenanceMode']>[0];

/** Remembered in the heartbeat: the task that we began, so that another attempt attaches to it. */
interface Begun {
  taskId?: string | undefined;
}

/** Maintenance mode: entered by the run before remediation, left only after attestation (R26). */
export function createMaintenanceModeActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureMaintenanceMode'> {
  return {
    async vtaEnsureMaintenanceMode(input) {
      return await ensureMaintenanceMode(findSite(input), input);
    },
  };
}

/**
 * Brings a host into maintenance mode, or out of it, as part of a longer activity.
 * @throws ApplicationFailure VTA_MAINTENANCE_MODE_FAILED, with the virtual machines that block it
 */
export async function ensureMaintenanceMode(site: Site, input: MaintenanceModeInput): Promise<NotBegun> {
  const { host, pace, inMaintenanceMode: wanted } = input;
  const begun: Begun = {};
  const end = await waitUntil({
    what: `${host.name} ${wanted ? 'entering' : 'leaving'} maintenance mode`,
    code: 'VTA_MAINTENANCE_MODE_FAILED',
    pace,
    deadlineMs: pace.maintenanceMode.deadlineMs,
    remedy: wanted
      ? 'Move or power off what is named, then decide "retry".'
      : 'Look at its tasks in vCenter, then decide "retry".',
    look: (remember, remembered, late) => look(site, input, begun, { remember, remembered, late }),
    onDeadline: async () => {
      await stopWaiting(site, input, begun);
      return wanted ? await blockers(site, input) : undefined;
    },
  });
  return end === 'not begun' ? end : undefined;
}

async function look(
  site: Site,
  input: MaintenanceModeInput,
  begun: Begun,
  memory: { remember: (details: unknown) => void; remembered: unknown; late: boolean },
): Promise<Look<true | 'not begun'>> {
  const { host: planned, pace, inMaintenanceMode: wanted } = input;
  const { host } = await seeHost(site, planned, pace);
  if (host.inMaintenanceMode === wanted) return { done: true };
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const options = callOptions(pace);
  begun.taskId ??= taskOf(memory.remembered);
  if (begun.taskId !== undefined) {
    const task = await vim.tasks.read(begun.taskId, options);
    if (!task.gone && task.task.state === 'error') {
      const why = [task.task.error?.errorType, ...(task.task.error?.messages ?? [])].join(': ');
      throw refuse(
        'VTA_MAINTENANCE_MODE_FAILED',
        `${planned.name} did not ${wanted ? 'enter' : 'leave'} maintenance mode: ${why}.${wanted ? ` ${await blockers(site, input)}` : ''} It is ${host.inMaintenanceMode ? '' : 'not '}in maintenance mode. Remove the cause, then decide "retry".`,
      );
    }
    if (!task.gone && task.task.state !== 'success')
      return { pending: `the task is ${task.task.state}${wanted ? `; ${await blockers(site, input)}` : ''}` };
  }
  // Somebody's task under way, ours from before a crash or a stranger's, has the same end: it is waited for, not doubled.
  const recent = await vim.tasks.recentOf({ type: 'HostSystem', id: planned.id }, options);
  const running = recent.find(
    (task) => task.descriptionId === (wanted ? ENTER : EXIT) && (task.state === 'running' || task.state === 'queued'),
  );
  // Ours, from before a crash: it is ours to cancel when we give up.
  const { username } = site.connections.endpoint(planned.vCenter);
  if (running !== undefined && sameAccount(running.userName, username)) begun.taskId = running.id;
  if (running !== undefined)
    return {
      pending: `a task of ${running.userName ?? 'somebody'} is ${running.state}; ${await blockers(site, input)}`,
    };
  if (isPast(input.beginBy, site)) return { done: 'not begun' };
  if (host.connectionState !== 'connected') return { pending: `it is ${host.connectionState}` };
  if (memory.late) return { pending: 'nothing is begun any more after the deadline' };
  const timeoutSeconds = Math.ceil(pace.maintenanceMode.deadlineMs / 1000);
  const task = wanted
    ? await vim.hostOperations.enterMaintenanceMode(planned.id, { timeoutSeconds }, options)
    : await vim.hostOperations.exitMaintenanceMode(planned.id, timeoutSeconds, options);
  begun.taskId = task.id;
  memory.remember({ taskId: task.id });
  return { pending: 'the task has begun' };
}

function taskOf(remembered: unknown): string | undefined {
  if (typeof remembered !== 'object' || remembered === null || !('taskId' in remembered)) return undefined;
  return typeof remembered.taskId === 'string' ? remembered.taskId : undefined;
}

/** A task that we give up on must not put the host into maintenance mode an hour later. Best effort. */
async function stopWaiting(site: Site, input: HostStepInput, begun: Begun): Promise<void> {
  if (begun.taskId === undefined) return;
  const { vim } = await site.connections.vCenter(input.host.vCenter);
  await vim.tasks.cancel(begun.taskId, callOptions(input.pace)).catch(() => undefined);
  // What is read after this is to be the state after the task's end.
  for (let looks = 0; looks < LOOKS_AFTER_CANCEL; looks++) {
    const task = await vim.tasks.read(begun.taskId, callOptions(input.pace));
    if (task.gone || task.task.state === 'success' || task.task.state === 'error') return;
    await sleep(input.pace.taskPollMs);
  }
}

/** The virtual machines that are still on the host and run: they are what maintenance mode waits for. */
async function blockers(site: Site, input: HostStepInput): Promise<string> {
  const { vim } = await site.connections.vCenter(input.host.vCenter);
  const machines = await vim.virtualMachines.ofHost(input.host.id, callOptions(input.pace));
  const running = machines.filter((machine) => machine.powerState !== 'poweredOff').map((machine) => machine.name);
  return running.length === 0 ? 'No running virtual machine is left on it.' : `Still on it: ${running.join(', ')}.`;
}
