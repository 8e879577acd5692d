import type { CredentialsSource } from '../rest-session';
import type { CallOptions, Transport } from '../transport';
import { Authorization } from './authorization';
import { ClusterMembership } from './cluster-membership';
import { Clusters } from './clusters';
import { DiagnosticLogs } from './diagnostic-logs';
import { Events } from './events';
import { HostOperations } from './host-operations';
import { HostServices } from './host-services';
import { Hosts } from './hosts';
import { Licenses } from './licenses';
import { PropertyCollector } from './property-collector';
import { Server } from './server';
import { VimSession } from './vim-session';
import { VimTasks } from './vim-tasks';
import { VirtualMachines } from './virtual-machines';

/** What a VimClient is made of. */
export interface VimClientSettings {
  readonly transport: Transport;
  readonly credentials: CredentialsSource;
  /** Newest API version to speak; default 8.0.3.0, the last one with vSphere Trust Authority. */
  readonly clientVersion?: string;
  /** Oldest API version to accept; default 7.0, the first one with vSphere Trust Authority. */
  readonly oldestVersion?: string;
  /** Objects a page of a property read. */
  readonly pageSize?: number;
}

/**
 * The vim25 API of one vCenter over SOAP, as far as upgrading needs it. One session, shared by all parts, opened with
 * the first call. No method sleeps, polls or retries; the one exception is that a call which the server refused as
 * `NotAuthenticated` is repeated once after a new login.
 *
 * Every method takes CallOptions last and throws the families of `../errors`.
 */
export class VimClient {
  readonly server: Server;
  readonly authorization: Authorization;
  readonly clusters: Clusters;
  readonly clusterMembership: ClusterMembership;
  readonly hosts: Hosts;
  readonly hostOperations: HostOperations;
  readonly hostServices: HostServices;
  readonly virtualMachines: VirtualMachines;
  readonly tasks: VimTasks;
  readonly events: Events;
  readonly logs: DiagnosticLogs;
  readonly licenses: Licenses;
  readonly properties: PropertyCollector;
  readonly #session: VimSession;

  constructor(settings: VimClientSettings) {
    const { transport, credentials, clientVersion, oldestVersion, pageSize } = settings;
    const session = new VimSession(transport, credentials, {
      ...(clientVersion === undefined ? {} : { newest: clientVersion }),
      ...(oldestVersion === undefined ? {} : { oldest: oldestVersion }),
    });
    this.#session = session;
    this.properties = new PropertyCollector(session, pageSize);
    this.server = new Server(session);
    this.authorization = new Authorization(session);
    this.clusters = new Clusters(this.properties);
    this.clusterMembership = new ClusterMembership(session);
    this.hosts = new Hosts(this.properties);
    this.hostOperations = new HostOperations(session);
    this.hostServices = new HostServices(session, this.properties);
    this.virtualMachines = new VirtualMachines(this.properties);
    this.tasks = new VimTasks(session, this.properties);
    this.events = new Events(session);
    this.logs = new DiagnosticLogs(session);
    this.licenses = new Licenses(session, this.properties);
  }

  /** Logs out, best effort. The transport stays the caller's to close; a later call would log in again. */
  async close(options?: CallOptions): Promise<void> {
    await this.#session.close(options);
  }
}
