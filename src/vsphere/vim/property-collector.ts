import { AnswerNotUnderstood, ApiFault, type Fault } from '../errors';
import type { CallOptions } from '../transport';
import { compareVersions } from './api-version';
import type { DataObject } from './data-object';
import { sameObject, type ManagedObjectReference } from './managed-object';
import { NOT_AUTHENTICATED, readLocalizedFault } from './method-fault';
import { ObjectProperties } from './object-properties';
import type { Connection, VimSession } from './vim-session';
import { element, reference, value, values, type Xml } from './xml-writer';

/** A property to read. With `since`, it is not asked of a server that speaks an older API version than that. */
type PropertyPath = string | { readonly path: string; readonly since: string };

/** Which objects: of what type, and either named one by one or all those inside a container. */
export interface Selection {
  readonly type: string;
  readonly paths: readonly PropertyPath[];
}

const READ = 'RetrievePropertiesEx';
const READ_ON = 'ContinueRetrievePropertiesEx';
/** Objects a page; a server may send fewer. */
const PAGE_SIZE = 100;

/**
 * Reads properties: RetrievePropertiesEx (privilege System.Anonymous, and System.Read on what is read) and
 * ContinueRetrievePropertiesEx (System.View). Never `Fetch`, which no published interface has. All methods are
 * repeatable. Faults: ManagedObjectNotFound, InvalidProperty, NotAuthenticated (also inside `missingSet`).
 */
export class PropertyCollector {
  readonly #session: VimSession;
  readonly #pageSize: number;

  constructor(session: VimSession, pageSize = PAGE_SIZE) {
    this.#session = session;
    this.#pageSize = pageSize;
  }

  /**
   * Reads one object.
   * @throws ApiFault `ManagedObjectNotFound` if it is not, or no longer, there
   */
  async ofObject(id: string, selection: Selection, options?: CallOptions): Promise<ObjectProperties> {
    const [found] = await this.#ofObjects([id], selection, options);
    if (found === undefined) throw new AnswerNotUnderstood(READ, id, 'is not in the answer');
    return found;
  }

  /**
   * Reads those of the objects that are there, in the order in which the server lists them. One that vanishes while we
   * read (a virtual machine that migrates, a task record that expires) fails the whole call at the server; it is then
   * left out and the others are read.
   */
  async ofExisting(ids: readonly string[], selection: Selection, options?: CallOptions): Promise<ObjectProperties[]> {
    let left = ids;
    for (;;) {
      try {
        return await this.#ofObjects(left, selection, options);
      } catch (error) {
        const gone = vanished(error);
        const others = left.filter((id) => gone === undefined || !sameObject(gone, { type: selection.type, id }));
        if (others.length === left.length) throw error;
        left = others;
      }
    }
  }

  /**
   * Reads all objects of the type inside a container, at any depth. CreateContainerView and DestroyView: System.View.
   * @param container a folder, cluster or host; without it the whole inventory
   */
  async inContainer(
    container: ManagedObjectReference | undefined,
    selection: Selection,
    options?: CallOptions,
  ): Promise<ObjectProperties[]> {
    return this.#session.run(READ, options, async (connection) => {
      const { viewManager, rootFolder } = connection.session.content;
      const created = await connection.call({
        method: 'CreateContainerView',
        self: viewManager,
        parameters: [
          reference('container', container ?? rootFolder),
          value('type', selection.type),
          value('recursive', true),
        ],
        repeatable: true,
      });
      const view = created.reference('returnval');
      try {
        return await this.#retrieve(connection, selection, [viewedObjects(view)]);
      } finally {
        // A view that stays behind ends with the session.
        await connection.call({ method: 'DestroyView', self: view, repeatable: true }).catch(() => undefined);
      }
    });
  }

  async #ofObjects(ids: readonly string[], selection: Selection, options?: CallOptions): Promise<ObjectProperties[]> {
    if (ids.length === 0) return [];
    const objects = ids.map((id) => element('objectSet', [reference('obj', { type: selection.type, id })]));
    return this.#session.run(READ, options, (connection) => this.#retrieve(connection, selection, objects));
  }

  async #retrieve(connection: Connection, selection: Selection, objects: readonly Xml[]): Promise<ObjectProperties[]> {
    const self = connection.session.content.propertyCollector;
    const paths = selection.paths
      .filter((path) => typeof path === 'string' || compareVersions(connection.session.version, path.since) >= 0)
      .map((path) => (typeof path === 'string' ? path : path.path));
    const properties = element('propSet', [value('type', selection.type), ...values('pathSet', paths)]);
    const specification = element('specSet', [properties, ...objects]);
    const paging = element('options', [value('maxObjects', this.#pageSize)]);
    let answer = await connection.call({ method: READ, self, parameters: [specification, paging], repeatable: true });
    const found: ObjectProperties[] = [];
    for (;;) {
      const page = answer.objectOrUnset('returnval');
      if (page === undefined) return found;
      const content = page.objects('objects').map(readContent);
      found.push(...content);
      const token = page.textOrUnset('token');
      if (token === undefined || token === '') return found;
      if (content.length === 0) throw page.problem('promises more and holds nothing');
      // Not repeatable: a token is good for one page.
      answer = await connection.call({
        method: READ_ON,
        self,
        parameters: [value('token', token)],
        repeatable: false,
      });
    }
  }
}

/** Everything that a container view lists. */
function viewedObjects(view: ManagedObjectReference): Xml {
  const traversal = element(
    'selectSet',
    [value('name', 'view'), value('type', 'ContainerView'), value('path', 'view'), value('skip', false)],
    { 'xsi:type': 'TraversalSpec' },
  );
  return element('objectSet', [reference('obj', view), value('skip', true), traversal]);
}

function readContent(content: DataObject): ObjectProperties {
  const object = content.reference('obj');
  const missing = new Map<string, Fault>();
  for (const property of content.objects('missingSet')) {
    const fault = readLocalizedFault(property.object('fault').element);
    // Some servers say here, and with status 200, that the session has ended.
    if (fault.errorType === NOT_AUTHENTICATED) throw new ApiFault(content.operation, fault);
    missing.set(property.text('path'), fault);
  }
  const found = new Map(content.objects('propSet').map((set) => [set.text('name'), set.object('val')] as const));
  return new ObjectProperties(content.operation, object, found, missing);
}

/** The object that a fault says is not there. */
function vanished(error: unknown): ManagedObjectReference | undefined {
  if (!(error instanceof ApiFault) || error.errorType !== 'ManagedObjectNotFound') return undefined;
  const { data } = error;
  if (typeof data !== 'object' || data === null || !('obj' in data)) return undefined;
  const { obj } = data;
  if (typeof obj !== 'object' || obj === null || !('type' in obj) || !('id' in obj)) return undefined;
  return typeof obj.type === 'string' && typeof obj.id === 'string' ? { type: obj.type, id: obj.id } : undefined;
}
