import type { Pace, WaitPace } from '../model/pace';
import type { Phase, Plan, PlannedHost, PlannedVCenter } from '../model/plan';

type Worked = Pick<Plan, 'phases' | 'reference'>;

/**
 * Estimated duration of the phases in minutes, without waiting for people. Nothing is known about this infrastructure
 * yet, so each wait counts half of the time after which the run would warn that it takes long.
 */
export function estimateMinutes({ phases, reference }: Worked, pace: Pace, soakMs: number): number {
  const first = reference?.upgrade === true ? estimateHostMs(reference.host, pace, soakMs) : 0;
  const milliseconds = phases.reduce((sum, phase) => sum + phaseMs(phase, pace, soakMs), first);
  return Math.ceil(milliseconds / 60_000);
}

function phaseMs(phase: Phase, pace: Pace, soakMs: number): number {
  return phase.kind === 'vcenters'
    ? phase.vCenters.reduce((sum, vCenter) => sum + estimateVCenterMs(vCenter, pace, soakMs), 0)
    : phase.hosts.reduce((sum, host) => sum + estimateHostMs(host, pace, soakMs), 0);
}

/** Estimated duration of one vCenter from its begin to its end, milliseconds, by the same rule. */
export function estimateVCenterMs({ backup }: Pick<PlannedVCenter, 'backup'>, pace: Pace, soakMs: number): number {
  const taken = backup !== undefined && 'location' in backup;
  return usually(pace.vCenterStage, pace.vCenterInstall) + (taken ? usually(pace.vCenterBackup) : 0) + soakMs;
}

/** The part of it from the begin of the installation on. */
export function estimateInstallMs(pace: Pace, soakMs: number): number {
  return usually(pace.vCenterInstall) + soakMs;
}

/** Estimated duration of one host from its begin to its end, milliseconds, by the same rule. */
export function estimateHostMs({ role }: Pick<PlannedHost, 'role'>, pace: Pace, soakMs: number): number {
  const boot = usually(pace.maintenanceMode, pace.remediation, pace.reconnect) + soakMs;
  if (role === 'reference') return boot;
  return boot + (role === 'trusted' ? usually(pace.attestation) : usually(pace.services, pace.serviceHealth));
}

function usually(...waits: WaitPace[]): number {
  return waits.reduce((sum, { warnMs }) => sum + warnMs / 2, 0);
}
