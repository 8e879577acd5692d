import type { CallOptions } from '../transport';
import type { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';
import type { PropertyCollector } from './property-collector';
import type { VimSession } from './vim-session';
import { value } from './xml-writer';

/** A service of an ESXi host (`HostService`). */
export interface HostService {
  /** `attestd`, `kmxd`. The Trusted Host's `kmxa` is not among them: no API restarts it (R3). */
  readonly key: string;
  readonly label: string;
  readonly running: boolean;
  /** When it starts: `on` (with the host), `automatic` (with its ports), `off`. */
  readonly policy: string;
  readonly required: boolean;
}

/** Reads and controls the services of hosts, through the host's HostServiceSystem. */
export class HostServices {
  readonly #session: VimSession;
  readonly #properties: PropertyCollector;

  constructor(session: VimSession, properties: PropertyCollector) {
    this.#session = session;
    this.#properties = properties;
  }

  /** All services (`serviceInfo`). Privilege System.Read. Repeatable. */
  async list(hostId: string, options?: CallOptions): Promise<HostService[]> {
    const system = await this.#serviceSystem(hostId, options);
    const selection = { type: system.type, paths: ['serviceInfo'] };
    const properties = await this.#properties.ofObject(system.id, selection, options);
    return properties.required('serviceInfo').objects('service').map(readService);
  }

  /**
   * StartService, privilege Host.Config.NetService. Repeatable: a service that runs is left alone, or the host says
   * InvalidState. Faults: NotFound (no such service), InvalidState, HostConfigFault.
   */
  async start(hostId: string, key: string, options?: CallOptions): Promise<void> {
    await this.#control('StartService', hostId, key, options);
  }

  /** StopService, privilege Host.Config.NetService. Repeatable, faults as for `start`. */
  async stop(hostId: string, key: string, options?: CallOptions): Promise<void> {
    await this.#control('StopService', hostId, key, options);
  }

  /** RestartService, privilege Host.Config.NetService. Repeatable: once more does no harm. Faults as for `start`. */
  async restart(hostId: string, key: string, options?: CallOptions): Promise<void> {
    await this.#control('RestartService', hostId, key, options);
  }

  async #control(method: string, hostId: string, key: string, options?: CallOptions): Promise<void> {
    const self = await this.#serviceSystem(hostId, options);
    // A fresh connection all the same: a restart takes seconds, and "did it arrive?" would cost another.
    const call = { method, self, parameters: [value('id', key)], repeatable: false };
    await this.#session.run(method, options, (connection) => connection.call(call));
  }

  async #serviceSystem(hostId: string, options?: CallOptions): Promise<ManagedObjectReference> {
    const path = 'configManager.serviceSystem';
    const host = await this.#properties.ofObject(hostId, { type: 'HostSystem', paths: [path] }, options);
    return host.required(path).asReference();
  }
}

function readService(service: DataObject): HostService {
  return {
    key: service.text('key'),
    label: service.text('label'),
    running: service.flag('running'),
    policy: service.text('policy'),
    required: service.flag('required'),
  };
}
