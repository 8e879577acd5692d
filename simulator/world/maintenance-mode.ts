import { evacuate } from './evacuation';
import { Fault } from './fault';
import type { Host } from './state';
import type { World } from './world';

/** Whatever lets time pass for an operation: a task (may be cancelled) or the clock. */
export interface Pause {
  /** @throws Fault RequestCanceled or CANCELED when the operation was cancelled meanwhile */
  sleep(ms: number): Promise<void>;
}

/** How a host is to enter maintenance mode. */
export interface EnterOptions {
  /** Seconds after which the attempt fails with Timedout; 0 or less: no limit (documented: EnterMaintenanceMode_Task). */
  timeoutSeconds: number;
  /** Powered off VMs are moved too. */
  evacuatePoweredOffVms: boolean;
  /** Who does it, for the log: a user, or `vLCM`. */
  by: string;
  /** Remediation holds the host already; its own entry is not refused for that. */
  within?: 'remediating';
}

/**
 * Preconditions of entering maintenance mode.
 * @throws Fault InvalidState (already in it, or something else changes the host), HostNotConnected
 */
export function checkEnterMaintenanceMode(host: Host, within?: EnterOptions['within']): void {
  if (host.connectionState !== 'connected') {
    throw new Fault('HostNotConnected', `Unable to communicate with the remote host ${host.name}.`);
  }
  if (host.inMaintenanceMode) throw new Fault('InvalidState', `${host.name} is already in maintenance mode.`);
  if (host.busy !== null && host.busy !== within) throw new Fault('InvalidState', `${host.name} is ${host.busy}.`);
}

/**
 * Puts a host into maintenance mode: new work is kept away, its running VMs are moved (or waited for), then it is in.
 * vim25's EnterMaintenanceMode_Task and vLCM's remediation both come here.
 *
 * Documented: entering does not itself evacuate; with fully automatic DRS the VMs are moved, otherwise the operation
 * waits until somebody does it. Fault `mm-hangs`: no VM moves until the fault is deleted.
 * @throws Fault as checkEnterMaintenanceMode; Timedout; RequestCanceled or CANCELED; HostNotConnected when the host
 *   goes away meanwhile
 */
export async function enterMaintenanceMode(
  world: World,
  host: Host,
  options: EnterOptions,
  pause: Pause,
): Promise<void> {
  checkEnterMaintenanceMode(host, options.within);
  const before = host.busy;
  host.busy = 'entering-maintenance-mode';
  world.hostEvent('maintenance-mode-entering', host, { by: options.by });
  try {
    await pause.sleep(world.settings.durations.enterMaintenanceMode);
    await evacuate(world, host, options, pause);
  } catch (thrown) {
    world.hostEvent('maintenance-mode-failed', host, {
      by: options.by,
      reason: thrown instanceof Error ? thrown.message : String(thrown),
    });
    throw thrown;
  } finally {
    host.busy = before;
  }
  host.inMaintenanceMode = true;
  world.hostEvent('maintenance-mode-entered', host, { by: options.by });
}

/**
 * Preconditions of leaving maintenance mode.
 * @throws Fault InvalidState, HostNotConnected
 */
export function checkExitMaintenanceMode(host: Host, within?: EnterOptions['within']): void {
  if (host.connectionState !== 'connected') {
    throw new Fault('HostNotConnected', `Unable to communicate with the remote host ${host.name}.`);
  }
  if (!host.inMaintenanceMode) throw new Fault('InvalidState', `${host.name} is not in maintenance mode.`);
  if (host.busy !== null && host.busy !== within) throw new Fault('InvalidState', `${host.name} is ${host.busy}.`);
}

/**
 * Takes a host out of maintenance mode. The log says how its attestation stood at that moment, since leaving before
 * it passed is what R26 forbids.
 * @throws Fault as checkExitMaintenanceMode
 */
export async function exitMaintenanceMode(
  world: World,
  host: Host,
  options: { by: string; within?: EnterOptions['within'] },
  pause: Pause,
): Promise<void> {
  checkExitMaintenanceMode(host, options.within);
  await pause.sleep(world.settings.durations.exitMaintenanceMode);
  checkExitMaintenanceMode(host, options.within);
  host.inMaintenanceMode = false;
  world.hostEvent('maintenance-mode-left', host, {
    by: options.by,
    attestation: host.attestation.map((info) => info.status),
  });
}
