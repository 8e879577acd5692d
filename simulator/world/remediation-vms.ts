import { toFault } from './fault';
import type { EffectivePolicy } from './lifecycle-policy';
import type { Host, Vm } from './state';
import { powerOff, powerOn, vmsOn } from './virtual-machines';
import type { World } from './world';

/**
 * What the policy does to running VMs before maintenance mode. documented: power off, suspend, or leave them as they
 * are (then they are moved).
 * @returns the VMs that were stopped: they are started again afterwards
 */
export function stopVms(world: World, host: Host, policy: EffectivePolicy): Vm[] {
  const action = policy.pre_remediation_power_action;
  if (action === 'DO_NOT_CHANGE_VMS_POWER_STATE') return [];
  const running = vmsOn(world, host).filter((vm) => vm.powerState === 'POWERED_ON');
  for (const vm of running) {
    if (action === 'POWER_OFF_VMS') powerOff(world, vm);
    else {
      vm.powerState = 'SUSPENDED';
      world.hostEvent('vm-power', host, { vm: vm.name, powerState: vm.powerState });
    }
  }
  return running;
}

/**
 * Starts those VMs again.
 * @returns why some could not be started, e.g. an encrypted VM on a host that does not attest (R26)
 */
export function startVms(world: World, vms: readonly Vm[]): string[] {
  const failures: string[] = [];
  for (const vm of vms) {
    try {
      powerOn(world, vm);
    } catch (thrown) {
      failures.push(`${vm.name} was not started: ${toFault(thrown).message}`);
    }
  }
  return failures;
}
