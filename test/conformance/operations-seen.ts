import type { LoggedRequest } from '../../simulator/api/request-log';
import { OPERATIONS, type Operation } from '../../simulator/api/rest/operation';
import { VCENTER_METHODS } from '../../simulator/api/soap/methods/all-methods';
import { METHODS } from '../../simulator/api/soap/vim25/vim25-managed-types';
import { ROUTES } from '../../simulator/api/rest/routes';

/** What VMware's SDK saw of one operation, by the simulator's request log. */
export interface OperationSeen {
  operation: Operation;
  answered: boolean;
  /** It was answered as documented; of a task: it ended with success, and that was read. */
  succeeded: boolean;
  /** Declared errors that came about by what was asked, or by the state of the world. */
  provoked: string[];
  /** Declared errors that came about by an injected fault only. */
  injected: string[];
}

/** Name by which the suite's REST requests know themselves (suite/api_provider.py); its probes have another. */
const SDK = 'vmware-vcenter/';

/** Every operation of the contract, in the order of its documents. */
export function operationsSeen(log: readonly LoggedRequest[]): OperationSeen[] {
  const answered = new Set(ROUTES.map((route) => route.operation.key));
  const bySdk = log.filter((request) => request.userAgent?.startsWith(SDK));
  const requests = grouped(bySdk, (request) => request.operation);
  const tasks = grouped(
    bySdk.flatMap(({ task }) => task ?? []),
    (task) => task.operation,
  );
  return [...OPERATIONS.values()].map((operation) => {
    const own = requests.get(operation.key) ?? [];
    const ended = tasks.get(operation.key) ?? [];
    const provoked = new Set([
      ...own.flatMap((request) => (request.fault === 'error' ? [] : (request.error ?? []))),
      ...ended.flatMap((task) => task.error ?? []),
    ]);
    const injected = new Set(own.flatMap((request) => request.error ?? []));
    return {
      operation,
      answered: answered.has(operation.key),
      succeeded: operation.task
        ? ended.some((task) => task.status === 'SUCCEEDED')
        : own.some((request) => request.status === operation.status),
      provoked: operation.errors.filter((error) => provoked.has(error)),
      injected: operation.errors.filter((error) => injected.has(error) && !provoked.has(error)),
    };
  });
}

/** What pyvmomi saw of one vim25 method. */
export interface MethodSeen {
  method: string;
  answered: boolean;
  succeeded: boolean;
  /** Faults of the call itself; those of its task are not in the log. */
  faults: string[];
}

/** Every vim25 method that the simulator knows the signature of, by wire name. */
export function methodsSeen(log: readonly LoggedRequest[]): MethodSeen[] {
  // Login is the endpoint's own.
  const answered = new Set(['Login', ...Object.keys(VCENTER_METHODS)]);
  const methods = [...new Set(Object.keys(METHODS).map((name) => name.split('.')[1] ?? name))].sort();
  const requests = grouped(
    log.filter((request) => request.userAgent?.startsWith('pyvmomi ')),
    (request) => request.operation,
  );
  return methods.map((method) => {
    const own = requests.get(method) ?? [];
    return {
      method,
      answered: answered.has(method),
      succeeded: own.some((request) => request.status === 200),
      faults: [...new Set(own.flatMap((request) => request.error ?? []))].sort(),
    };
  });
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
