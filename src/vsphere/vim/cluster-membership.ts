import type { CallOptions } from '../transport';
import { beginTask } from './begin-task';
import { writeHostConnectSpec, type HostConnectSpec } from './host-connect-spec';
import type { ManagedObjectReference } from './managed-object';
import type { VimSession } from './vim-session';
import { reference, value } from './xml-writer';

/**
 * Adds hosts to clusters and takes them out. As with HostOperations, every method gives a task, none is repeatable,
 * and a fault may come from the call or from the task.
 */
export class ClusterMembership {
  readonly #session: VimSession;

  constructor(session: VimSession) {
    this.#session = session;
  }

  /**
   * AddHost_Task, privilege Host.Inventory.AddHostToCluster. The task's result is the new HostSystem: a host that was
   * removed comes back under another id. Faults: NoHost, InvalidLogin, AlreadyConnected, AlreadyBeingManaged,
   * DuplicateName, SSLVerifyFault, HostConnectFault.
   * @param asConnected false adds it disconnected
   * @param license key to assign; without it the host keeps its own
   */
  async addHost(
    clusterId: string,
    settings: { readonly connect: HostConnectSpec; readonly asConnected: boolean; readonly license?: string },
    options?: CallOptions,
  ): Promise<ManagedObjectReference> {
    const { connect, asConnected, license } = settings;
    const parameters = [
      writeHostConnectSpec('spec', connect),
      value('asConnected', asConnected),
      value('license', license),
    ];
    return beginTask(this.#session, 'AddHost_Task', cluster(clusterId), parameters, options);
  }

  /**
   * MoveInto_Task, privilege Host.Inventory.EditCluster: hosts of the same vCenter, in maintenance mode, join the
   * cluster and keep their ids. Faults: InvalidState, DuplicateName, NotSupported.
   */
  async moveInto(
    clusterId: string,
    hostIds: readonly string[],
    options?: CallOptions,
  ): Promise<ManagedObjectReference> {
    const hosts = hostIds.map((id) => reference('host', { type: 'HostSystem', id }));
    return beginTask(this.#session, 'MoveInto_Task', cluster(clusterId), hosts, options);
  }

  /**
   * Destroy_Task of ManagedEntity on a host: removes it from the inventory, with its virtual machines, and from its
   * cluster. The host itself runs on. Faults: ResourceInUse, InvalidState (neither disconnected nor in maintenance
   * mode; which of the two a vCenter wants is unverified).
   */
  async removeHost(hostId: string, options?: CallOptions): Promise<ManagedObjectReference> {
    return beginTask(this.#session, 'Destroy_Task', { type: 'HostSystem', id: hostId }, [], options);
  }
}

const cluster = (id: string): ManagedObjectReference => ({ type: 'ClusterComputeResource', id });
