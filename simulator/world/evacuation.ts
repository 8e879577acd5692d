import { Fault } from './fault';
import type { EnterOptions, Pause } from './maintenance-mode';
import type { Host, Vm } from './state';
import type { World } from './world';

/** How long a waiting evacuation sleeps before it looks again, in milliseconds. */
const LOOK_AGAIN = 50;

/**
 * Waits until no VM that matters runs on the host, and moves those that DRS may move.
 * @throws Fault Timedout, RequestCanceled, CANCELED, HostNotConnected
 */
export async function evacuate(world: World, host: Host, options: EnterOptions, pause: Pause): Promise<void> {
  const hang = world.faults.take(['mm-hangs'], { vCenter: world.managerOf(host), host });
  const deadline = options.timeoutSeconds > 0 ? world.clock.now() + options.timeoutSeconds * 1000 : Infinity;
  for (;;) {
    if (host.connectionState !== 'connected') {
      throw new Fault('HostNotConnected', `${host.name} went away while it entered maintenance mode.`);
    }
    const held = hang !== null && world.faults.all().some((rule) => rule.id === hang.id);
    const waiting = vmsInTheWay(world, host, options.evacuatePoweredOffVms);
    if (waiting.length === 0 && !held) return;
    if (world.clock.now() >= deadline) {
      throw new Fault('Timedout', `${host.name} did not enter maintenance mode within ${options.timeoutSeconds} s.`);
    }
    const move = held ? null : nextMove(world, host, waiting);
    if (!move) {
      await pause.sleep(LOOK_AGAIN);
      continue;
    }
    await pause.sleep(world.settings.durations.vmMigration);
    // Somebody may have moved or stopped the VM meanwhile.
    if (move.vm.host === host.name && canTake(move.target)) {
      move.vm.host = move.target.name;
      world.hostEvent('vm-moved', host, { vm: move.vm.name, to: move.target.name });
    }
  }
}

/** VMs that keep the host out of maintenance mode. */
function vmsInTheWay(world: World, host: Host, poweredOffToo: boolean): Vm[] {
  return world.state.vms.filter((vm) => vm.host === host.name && (poweredOffToo || vm.powerState === 'POWERED_ON'));
}

/** What DRS moves next: null when it is off, or nothing can be moved anywhere. */
function nextMove(world: World, host: Host, waiting: Vm[]): { vm: Vm; target: Host } | null {
  const manager = world.managerOf(host);
  const cluster = world.clusterOf(host);
  if (!world.settings.switches.evacuateVms || !manager || !cluster?.drsEnabled) return null;
  const targets = world.hostsOf(manager, cluster.moid).filter((peer) => peer !== host && canTake(peer));
  for (const vm of waiting) {
    if (!vm.migratable && vm.powerState === 'POWERED_ON') continue;
    // Guessed: an encrypted VM needs keys where it goes, so only an attested host takes it (cf. R26).
    const target = targets.find(
      (peer) => !vm.encrypted || peer.attestation.every((info) => info.status === 'attested'),
    );
    if (target) return { vm, target };
  }
  return null;
}

function canTake(host: Host): boolean {
  return host.connectionState === 'connected' && !host.inMaintenanceMode && host.busy === null;
}
