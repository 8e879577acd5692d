import { checkReboot, reboot } from '../../../world/host-boot';
import {
  checkDisconnect,
  checkReconnect,
  checkRemoveHost,
  disconnect,
  reconnect,
  removeHost,
  type ConnectSpec,
} from '../../../world/host-connection';
import {
  checkEnterMaintenanceMode,
  checkExitMaintenanceMode,
  enterMaintenanceMode,
  exitMaintenanceMode,
} from '../../../world/host-maintenance';
import type { Host } from '../../../world/state';
import { netConfig } from '../inventory/host-network';
import { tpmReport } from '../inventory/tpm-report';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import { textOf, type DataObject } from '../vim25/values';
import { hostTask } from './host-task';

/** HostSystem as the host itself answers it. */
export const OWN_HOST_METHODS: MethodTable = {
  EnterMaintenanceMode_Task: (call) => {
    const options = {
      timeoutSeconds: call.parameters['timeout'] as number,
      evacuatePoweredOffVms: call.parameters['evacuatePoweredOffVms'] === true,
    };
    return hostTask(call, hostOf(call), {
      descriptionId: 'HostSystem.enterMaintenanceMode',
      cancelable: true,
      check: checkEnterMaintenanceMode,
      run: (host, task) => enterMaintenanceMode(call.site.world, host, options, task),
    });
  },

  ExitMaintenanceMode_Task: (call) =>
    hostTask(call, hostOf(call), {
      descriptionId: 'HostSystem.exitMaintenanceMode',
      check: checkExitMaintenanceMode,
      run: (host, task) => exitMaintenanceMode(call.site.world, host, task),
    }),

  RebootHost_Task: (call) => {
    const { world } = call.site;
    const force = call.parameters['force'] === true;
    return hostTask(call, hostOf(call), {
      descriptionId: 'HostSystem.reboot',
      check: (host) => checkReboot(host, force),
      run: async (host, task) => {
        await task.sleep(world.settings.durations.taskWork);
        checkReboot(host, force);
        const back = reboot(world, host, call.state.session.user);
        // Guessed: on a vCenter the task is done when the host goes down; a client must look at bootTime itself.
        if (world.settings.switches.rebootTaskEnds === 'returned') await back;
      },
    });
  },

  QueryTpmAttestationReport: (call): DataObject | undefined => tpmReport(hostOf(call)),

  QueryNetConfig: (call) => netConfig(call.site.world, hostOf(call), textOf(call.parameters, 'nicType')),
};

/** HostSystem of a vCenter, and Destroy_Task where it is called on one. */
export const HOST_METHODS: MethodTable = {
  ...OWN_HOST_METHODS,

  DisconnectHost_Task: (call) =>
    hostTask(call, hostOf(call), {
      descriptionId: 'HostSystem.disconnect',
      check: checkDisconnect,
      run: (host, task) => disconnect(call.site.world, host, task),
    }),

  ReconnectHost_Task: (call) => {
    const spec = call.parameters['cnxSpec'] as Partial<ConnectSpec> | undefined;
    return hostTask(call, hostOf(call), {
      descriptionId: 'HostSystem.reconnect',
      check: (host) => checkReconnect(host, spec),
      run: (host, task) => reconnect(call.site.world, host, task),
    });
  },

  Destroy_Task: (call) => {
    if (call.target.type !== 'HostSystem') {
      throw soapFault('NotSupported', `Only hosts can be removed from the inventory, not ${call.target}.`);
    }
    return hostTask(call, hostOf(call), {
      descriptionId: 'ManagedEntity.destroy',
      check: checkRemoveHost,
      run: (host, task) => removeHost(call.site.world, host, task),
    });
  },
};

function hostOf({ site, target }: VimCall): Host {
  const host = site.hostOf(target);
  if (!host) throw new Error(`no host behind ${target}`);
  return host;
}
