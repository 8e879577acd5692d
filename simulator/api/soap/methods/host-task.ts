import type { Host } from '../../../world/state';
import type { TaskHandle } from '../../../world/tasks';
import { taskRef } from '../inventory/task-info';
import type { VimCall } from '../site';
import type { MoRef } from '../vim25/values';

/** A `*_Task` method on one host. */
export interface HostTask {
  readonly descriptionId: string;
  readonly cancelable?: boolean;
  /** Preconditions; throws the Fault that says which does not hold. */
  check(host: Host): void;
  run(host: Host, task: TaskHandle): Promise<unknown>;
}

/**
 * Starts a task on a host. Where a failed precondition shows, in the answer to the call or in the task, no source
 * settles: the switch `errorsAt` decides, and `run` checks again since time has passed.
 */
export function hostTask(call: VimCall, host: Host, { descriptionId, cancelable, check, run }: HostTask): MoRef {
  const { site, target, method, state } = call;
  if (site.world.settings.switches.errorsAt === 'submit') check(host);
  const record = site.world.tasks.start(
    {
      kind: 'vim',
      vCenter: site.endpoint,
      service: target.type,
      operation: method.name,
      descriptionId,
      target: { type: target.type, moid: target.value, name: host.name },
      user: state.session.user,
      cancelable: cancelable ?? false,
      host: { name: host.name, moid: host.moid },
    },
    async (task) => {
      check(host);
      return run(host, task);
    },
  );
  return taskRef(record);
}
