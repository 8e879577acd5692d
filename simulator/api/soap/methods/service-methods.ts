import { restartService, startService, stopService, updateServicePolicy } from '../../../world/host-services';
import type { Host, HostService } from '../../../world/state';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import { textOf } from '../vim25/values';

/** HostServiceSystem. kmxa is none of its services: no API restarts it (R3). */
export const SERVICE_METHODS: MethodTable = {
  StartService: (call) => change(call, startService),
  StopService: (call) => change(call, stopService),
  RestartService: (call) => change(call, restartService),
  UpdateServicePolicy: (call) => {
    const policy = textOf(call.parameters, 'policy');
    if (!isPolicy(policy)) {
      throw soapFault('InvalidArgument', `"${policy}" is no service policy.`, { invalidProperty: 'policy' });
    }
    return change(call, (_world, host, key) => updateServicePolicy(host, key, policy));
  },
  RefreshServices: () => undefined,
};

/** Carries out a change of a service; the call takes the time that the service needs. */
async function change(
  call: VimCall,
  apply: (world: VimCall['site']['world'], host: Host, key: string) => void,
): Promise<undefined> {
  const { world } = call.site;
  const host = call.site.hostOf(call.target);
  if (!host) throw new Error(`no host behind ${call.target}`);
  await world.clock.sleep(world.settings.durations.serviceChange);
  apply(world, host, textOf(call.parameters, 'id'));
  return undefined;
}

function isPolicy(text: string): text is HostService['policy'] {
  return text === 'on' || text === 'automatic' || text === 'off';
}
