import type { CallOptions } from '../transport';
import { beginTask } from './begin-task';
import type { ManagedObjectReference } from './managed-object';
import { writeHostConnectSpec, type HostConnectSpec } from './host-connect-spec';
import type { VimSession } from './vim-session';
import { element, value, type Xml } from './xml-writer';

/**
 * Begins operations on a host. Every method gives the reference of a task that goes on after the session; read it with
 * `VimTasks`. None is repeatable: after OutcomeUnknown look at the host and its recent tasks first. A precondition that
 * fails may be reported by the call or by the task; callers must expect both.
 */
export class HostOperations {
  readonly #session: VimSession;

  constructor(session: VimSession) {
    this.#session = session;
  }

  /**
   * EnterMaintenanceMode_Task, privilege Host.Config.Maintenance. Evacuates nothing by itself: fully automatic DRS
   * does, otherwise the task waits for somebody who moves the virtual machines.
   *
   * Faults: InvalidState (already in it), Timedout, RequestCanceled.
   * @param settings.timeoutSeconds 0 or less: no limit
   * @param settings.evacuatePoweredOffVms true: powered-off virtual machines are moved away too
   */
  async enterMaintenanceMode(
    hostId: string,
    settings: { readonly timeoutSeconds: number; readonly evacuatePoweredOffVms?: boolean },
    options?: CallOptions,
  ): Promise<ManagedObjectReference> {
    const { timeoutSeconds, evacuatePoweredOffVms } = settings;
    const parameters = [value('timeout', timeoutSeconds), value('evacuatePoweredOffVms', evacuatePoweredOffVms)];
    return this.#begin('EnterMaintenanceMode_Task', hostId, parameters, options);
  }

  /**
   * ExitMaintenanceMode_Task, privilege Host.Config.Maintenance. Faults: InvalidState (not in it), Timedout.
   * @param timeoutSeconds 0 or less: no limit
   */
  async exitMaintenanceMode(
    hostId: string,
    timeoutSeconds: number,
    options?: CallOptions,
  ): Promise<ManagedObjectReference> {
    return this.#begin('ExitMaintenanceMode_Task', hostId, [value('timeout', timeoutSeconds)], options);
  }

  /**
   * RebootHost_Task, privilege Host.Config.Maintenance. With Quick Boot enabled it is no full boot (R14). Faults:
   * InvalidState (not in maintenance mode, and `force` false), NotSupported.
   * @param force true also outside maintenance mode, which takes the virtual machines down
   */
  async reboot(hostId: string, force: boolean, options?: CallOptions): Promise<ManagedObjectReference> {
    return this.#begin('RebootHost_Task', hostId, [value('force', force)], options);
  }

  /** DisconnectHost_Task, privilege Host.Config.Connection: vCenter stops managing the host, which runs on. */
  async disconnect(hostId: string, options?: CallOptions): Promise<ManagedObjectReference> {
    return this.#begin('DisconnectHost_Task', hostId, [], options);
  }

  /**
   * ReconnectHost_Task, privilege Host.Config.Connection. Faults: InvalidState (not disconnected), InvalidLogin,
   * NoHost, AlreadyBeingManaged, SSLVerifyFault.
   * @param settings.connect what replaces the stored way to the host; without it vCenter uses what it knows
   * @param settings.syncState sent as it is; what it does to the host's state is unverified
   */
  async reconnect(
    hostId: string,
    settings: { readonly connect?: HostConnectSpec; readonly syncState?: boolean } = {},
    options?: CallOptions,
  ): Promise<ManagedObjectReference> {
    const parameters: Xml[] = [];
    if (settings.connect !== undefined) parameters.push(writeHostConnectSpec('cnxSpec', settings.connect));
    if (settings.syncState !== undefined) {
      parameters.push(element('reconnectSpec', [value('syncState', settings.syncState)]));
    }
    return this.#begin('ReconnectHost_Task', hostId, parameters, options);
  }

  async #begin(
    method: string,
    hostId: string,
    parameters: readonly Xml[],
    options?: CallOptions,
  ): Promise<ManagedObjectReference> {
    return beginTask(this.#session, method, { type: 'HostSystem', id: hostId }, parameters, options);
  }
}
