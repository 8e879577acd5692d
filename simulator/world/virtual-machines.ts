import { attestationOf } from './attestation';
import { Fault } from './fault';
import type { Host, Vm } from './state';
import type { World } from './world';

/** VMs registered on a host. */
export function vmsOn(world: World, host: Host): Vm[] {
  return world.state.vms.filter((vm) => vm.host === host.name && vm.vCenter !== null);
}

/**
 * Where DRS would move a VM: another connected host of the cluster outside maintenance mode; an encrypted VM only to
 * a host that attests, since it needs its keys there (guessed for a move; documented for a power-on, R26).
 */
export function moveTarget(world: World, vm: Vm, from: Host): Host | null {
  const vCenter = world.managerOf(from);
  // documented: with DRS off, maintenance mode waits until somebody moves the VMs.
  if (!vCenter || from.cluster === null || world.clusterOf(from)?.drsEnabled === false) return null;
  const candidates = world
    .hostsOf(vCenter, from.cluster)
    .filter((host) => host !== from && host.up && host.connectionState === 'connected')
    .filter((host) => !host.inMaintenanceMode && host.busy === null)
    .filter((host) => !vm.encrypted || canUseEncryptedVms(host));
  return candidates.sort((a, b) => vmsOn(world, a).length - vmsOn(world, b).length)[0] ?? null;
}

/** Keys of encrypted VMs are given to attested hosts only; a host outside vTA is not our subject. */
export function canUseEncryptedVms(host: Host): boolean {
  const state = attestationOf(host);
  return state === 'attested' || state === 'none';
}

/** @throws Fault InvalidPowerState, InvalidState (host in maintenance mode), SystemError (no key: R26, documented) */
export function powerOn(world: World, vm: Vm): void {
  if (vm.powerState === 'POWERED_ON') throw new Fault('InvalidPowerState', 'The VM is already powered on.');
  const host = world.host(vm.host);
  if (host.connectionState !== 'connected') throw new Fault('HostNotConnected', `${host.name} is not connected.`);
  if (host.inMaintenanceMode) throw new Fault('InvalidState', `${host.name} is in maintenance mode.`);
  if (vm.encrypted && !canUseEncryptedVms(host)) {
    throw new Fault('SystemError', `${host.name} is not attested: the key of ${vm.name} cannot be had.`);
  }
  vm.powerState = 'POWERED_ON';
  world.hostEvent('vm-power', host, { vm: vm.name, powerState: vm.powerState });
}

/** @throws Fault InvalidPowerState */
export function powerOff(world: World, vm: Vm): void {
  if (vm.powerState === 'POWERED_OFF') throw new Fault('InvalidPowerState', 'The VM is already powered off.');
  vm.powerState = 'POWERED_OFF';
  world.hostEvent('vm-power', world.host(vm.host), { vm: vm.name, powerState: vm.powerState });
}
