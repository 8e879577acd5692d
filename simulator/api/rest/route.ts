import type { Session } from '../../world/sessions';
import type { Host, VCenter } from '../../world/state';
import type { TaskHandle, TaskRecord, TaskTarget } from '../../world/tasks';
import type { World } from '../../world/world';
import { checkValue } from './check-value';
import { operation, type Operation } from './operation';

/** One authenticated call whose path, query and body were checked against the contract. */
export interface RestCall<Body = unknown> {
  world: World;
  vCenter: VCenter;
  session: Session;
  operation: Operation;
  /** Path parameters, decoded. */
  path: Record<string, string>;
  /** Query parameters in the types of the contract (`set<…>` and `list<…>` are arrays); unset ones are absent. */
  query: Record<string, unknown>;
  /** The JSON body; undefined when none (or `null`) was sent. */
  body: Body;
}

/** A route: an operation of the contract, and what answers it. The answer is sent with the contract's status. */
export interface RestRoute {
  operation: Operation;
  handle(call: RestCall): unknown;
}

/**
 * Answers an operation at once.
 * @param key operation key of the contract
 * @param handle its value is the reply's body; a Fault that it throws is the error reply
 */
export function route<Body = unknown>(key: string, handle: (call: RestCall<Body>) => unknown): RestRoute {
  return { operation: operation(key), handle: (call) => handle(call as RestCall<Body>) };
}

/** How a task is recorded. */
export interface TaskOptions {
  target?: TaskTarget;
  host?: Host;
  cancelable?: boolean;
}

/**
 * Answers an operation by a task: 202 and its id.
 * @param key key of the contract, ending in `$task`
 * @param prepare preconditions; where its Fault shows (at submit or in the task) is a switch of the scenario
 * @param work what the task does, with what `prepare` returned; its value is the task's result
 */
export function taskRoute<Prepared, Body = unknown>(
  key: string,
  prepare: (call: RestCall<Body>) => Prepared,
  work: (call: RestCall<Body>, prepared: Prepared, task: TaskHandle) => unknown,
  options: (call: RestCall<Body>) => TaskOptions = () => ({}),
): RestRoute {
  return {
    operation: operation(key),
    handle: (untyped) => {
      const call = untyped as RestCall<Body>;
      const early = call.world.settings.switches.errorsAt === 'submit' ? { value: prepare(call) } : null;
      return asTask(call, options(call), async (task) => {
        const prepared = early ? early.value : prepare(call);
        await task.sleep(call.world.settings.durations.taskWork);
        return work(call, prepared, task);
      });
    },
  };
}

/** Starts a CIS task for a call; a route that returns the record answers with its id. */
export function asTask(call: RestCall, options: TaskOptions, body: (task: TaskHandle) => Promise<unknown>): TaskReply {
  const { host, ...rest } = options;
  return {
    task: call.world.tasks.start(
      {
        kind: 'cis',
        vCenter: call.vCenter.id,
        service: call.operation.service,
        operation: call.operation.name,
        user: call.session.user,
        ...(host ? { host: { name: host.name, moid: host.moid } } : {}),
        ...rest,
      },
      async (task) => checkedResult(call, await body(task)),
    ),
  };
}

/** What a task route returns: the router answers with the id of the record. */
export interface TaskReply {
  task: TaskRecord;
}

/** A task's result in the contract's type: our own mistake otherwise, and the task says so. */
function checkedResult(call: RestCall, result: unknown): unknown {
  const { operation } = call;
  try {
    checkValue(result, operation.result, operation.types, 'result');
  } catch (thrown) {
    throw new Error(`result of ${operation.key} breaks the contract`, { cause: thrown });
  }
  return result;
}
