import type { VCenter } from '../../../src/vsphere/vcenter';

/** What a client method is on the wire: how it is called, the request that it makes, a good answer, what it gives. */
export interface Wire {
  readonly call: (vCenter: VCenter) => Promise<unknown>;
  readonly request: string;
  readonly body?: unknown;
  readonly status: number;
  readonly answer?: unknown;
  readonly gives?: unknown;
  /** Of a task: a result as the server has it, and what it is read as. */
  readonly result?: { readonly of: unknown; readonly gives: unknown };
}

/** The answer of an operation that is a task; with the result that the task will have. */
export function task(of?: unknown, gives: unknown = of): Pick<Wire, 'status' | 'answer' | 'gives' | 'result'> {
  return { status: 202, answer: 'id:svc', gives: { id: 'id:svc' }, result: { of, gives } };
}

export const time = '2024-05-01T10:00:00.000Z';

/** A message as the server writes it. */
export const text = (said: string) => ({ id: 'x.y', default_message: said, args: [] });
/** The same as it is read. */
export const said = (text: string) => ({ id: 'x.y', text });
