import { AnswerNotUnderstood } from '../errors';
import type { CallOptions } from '../transport';
import type { ManagedObjectReference } from './managed-object';
import type { VimSession } from './vim-session';
import { reference, value } from './xml-writer';

/** What an account may do (AuthorizationManager). */
export class Authorization {
  readonly #session: VimSession;

  constructor(session: VimSession) {
    this.#session = session;
  }

  /**
   * HasPrivilegeOnEntities, privilege System.View: which of these privileges our account lacks on an object.
   * @param entity the object; `rootFolder` for the root of the inventory
   * @returns ids of privileges, each once. Repeatable.
   */
  async missing(
    entity: ManagedObjectReference | 'rootFolder',
    privileges: readonly string[],
    options?: CallOptions,
  ): Promise<string[]> {
    const method = 'HasPrivilegeOnEntities';
    return this.#session.run(method, options, async (connection) => {
      const { content, key } = connection.session;
      const self = content.authorizationManager;
      if (self === undefined) throw new AnswerNotUnderstood(method, 'authorizationManager', 'is not set');
      if (key === undefined) throw new AnswerNotUnderstood('Login', 'returnval', 'has no key');
      const object = entity === 'rootFolder' ? content.rootFolder : entity;
      const parameters = [
        reference('entity', object),
        value('sessionId', key),
        ...privileges.map((id) => value('privId', id)),
      ];
      const answer = await connection.call({ method, self, parameters, repeatable: true });
      const held = answer
        .objects('returnval')
        .flatMap((one) => one.objects('privAvailability'))
        .filter((one) => one.flag('isGranted'))
        .map((one) => one.text('privId'));
      return privileges.filter((id) => !held.includes(id));
    });
  }
}
