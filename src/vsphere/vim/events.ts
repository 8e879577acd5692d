import { AnswerNotUnderstood } from '../errors';
import type { CallOptions } from '../transport';
import type { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';
import type { VimSession } from './vim-session';
import { element, reference, value } from './xml-writer';

/** An event as evidence (`Event`). */
export interface VimEvent {
  readonly key: number;
  /** `HostConnectionLostEvent`; newer ones that we do not know are kept by their name. */
  readonly type: string | undefined;
  /** ISO time as the server gave it. */
  readonly createdTime: string;
  readonly userName: string;
  readonly message: string | undefined;
  readonly host: string | undefined;
}

/** Reads the event log. */
export class Events {
  readonly #session: VimSession;

  constructor(session: VimSession) {
    this.#session = session;
  }

  /**
   * QueryEvents: events of an object and of what is below it. Privilege System.View. Repeatable. Faults:
   * ManagedObjectNotFound, InvalidArgument.
   * @param limits.since ISO time of the server's clock; without it as far back as the server answers
   * @param limits.maxCount at most so many; which of them, the newest or the oldest, is unverified
   */
  async of(
    entity: ManagedObjectReference,
    limits: { readonly since?: string; readonly maxCount?: number } = {},
    options?: CallOptions,
  ): Promise<VimEvent[]> {
    const filter = [element('entity', [reference('entity', entity), value('recursion', 'all')])];
    if (limits.since !== undefined) filter.push(element('time', [value('beginTime', limits.since)]));
    filter.push(value('maxCount', limits.maxCount));
    return this.#session.run('QueryEvents', options, async (connection) => {
      const self = connection.session.content.eventManager;
      if (self === undefined) throw new AnswerNotUnderstood('QueryEvents', 'eventManager', 'is not set');
      const parameters = [element('filter', filter)];
      const answer = await connection.call({ method: 'QueryEvents', self, parameters, repeatable: true });
      return answer.objects('returnval').map(readEvent);
    });
  }
}

function readEvent(event: DataObject): VimEvent {
  return {
    key: event.integer('key'),
    type: event.type,
    createdTime: event.time('createdTime'),
    userName: event.text('userName'),
    message: event.textOrUnset('fullFormattedMessage'),
    host: event.objectOrUnset('host')?.textOrUnset('name'),
  };
}
