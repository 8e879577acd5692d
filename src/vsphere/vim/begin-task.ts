import type { CallOptions } from '../transport';
import type { ManagedObjectReference } from './managed-object';
import type { VimSession } from './vim-session';
import type { Xml } from './xml-writer';

/**
 * Calls a `…_Task` method and gives the reference of the task that it began. Not repeatable: a lost answer leaves open
 * whether the operation is under way.
 */
export async function beginTask(
  session: VimSession,
  method: string,
  self: ManagedObjectReference,
  parameters: readonly Xml[],
  options?: CallOptions,
): Promise<ManagedObjectReference> {
  return session.run(method, options, async (connection) =>
    (await connection.call({ method, self, parameters, repeatable: false })).reference('returnval'),
  );
}
