import { AnswerNotUnderstood } from '../errors';
import type { CallOptions } from '../transport';
import type { PropertyCollector } from './property-collector';
import type { VimSession } from './vim-session';
import { value } from './xml-writer';

/** Which licences hosts have, by vCenter's LicenseManager. */
export class Licenses {
  readonly #session: VimSession;
  readonly #properties: PropertyCollector;

  constructor(session: VimSession, properties: PropertyCollector) {
    this.#session = session;
    this.#properties = properties;
  }

  /**
   * QueryAssignedLicenses, privilege System.View: the key of the licence of a host, which is to be kept out of logs and
   * histories; undefined where it has none. Repeatable.
   */
  async keyOf(hostId: string, options?: CallOptions): Promise<string | undefined> {
    const method = 'QueryAssignedLicenses';
    const manager = await this.#session.run(method, options, (connection) =>
      Promise.resolve(connection.session.content.licenseManager),
    );
    if (manager === undefined) throw new AnswerNotUnderstood(method, 'licenseManager', 'is not set');
    const selection = { type: 'LicenseManager', paths: ['licenseAssignmentManager'] };
    const found = await this.#properties.ofObject(manager.id, selection, options);
    const self = found.required('licenseAssignmentManager').asReference();
    const call = { method, self, parameters: [value('entityId', hostId)], repeatable: true };
    const answer = await this.#session.run(method, options, (connection) => connection.call(call));
    const [assigned] = answer.objects('returnval');
    const key = assigned?.object('assignedLicense').text('licenseKey');
    return key === '' ? undefined : key;
  }
}
