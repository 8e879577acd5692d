import type { Pace, WaitPace } from '../model/pace';
import type { Phase } from '../model/plan';

/**
 * Estimated duration of the phases in minutes, without waiting for people. Nothing is known about this infrastructure
 * yet, so each wait counts half of the time after which the run would warn that it takes long.
 */
export function estimateMinutes(phases: Phase[], pace: Pace, soakMs: number): number {
  const milliseconds = phases.reduce((sum, phase) => sum + phaseMs(phase, pace, soakMs), 0);
  return Math.ceil(milliseconds / 60_000);
}

function phaseMs(phase: Phase, pace: Pace, soakMs: number): number {
  if (phase.kind === 'vcenters') {
    const work = usually(pace.vCenterStage, pace.vCenterInstall) + soakMs;
    return phase.vCenters.reduce(
      (sum, { backup }) => sum + work + (backup && 'location' in backup ? usually(pace.vCenterBackup) : 0),
      0,
    );
  }
  const boot = usually(pace.maintenanceMode, pace.remediation, pace.reconnect) + soakMs;
  const check = phase.number === 2 ? usually(pace.services, pace.serviceHealth) : usually(pace.attestation);
  return phase.hosts.length * (boot + check);
}

function usually(...waits: WaitPace[]): number {
  return waits.reduce((sum, { warnMs }) => sum + warnMs / 2, 0);
}
