/**
 * Every wait of a run, in one table: recorded with the plan, scaled for rehearsals. Milliseconds.
 * A wait has a warning deadline before the hard one (M19): at the first the operator is told, at the second the step fails.
 */
export interface Pace {
  /** Between two looks at something that changes. */
  pollMs: number;
  /** Between two looks at a vCenter task. */
  taskPollMs: number;
  /** Between two heartbeats of an activity that waits. */
  heartbeatMs: number;
  /** After this silence the server gives the activity to another worker. */
  heartbeatTimeoutMs: number;
  /** Deadline of one call to a vCenter or host. */
  callMs: number;
  maintenanceMode: WaitPace;
  remediation: WaitPace;
  /** From the end of remediation until the host is connected and tells its build. */
  reconnect: WaitPace;
  /**
   * How long a freshly booted Trusted Host gets to attest before its image is called unknown (R25); refused by every
   * attestation service without a break for the time of the warning, it is called that at once.
   */
  firstAttestation: WaitPace;
  attestation: WaitPace;
  services: WaitPace;
  serviceHealth: WaitPace;
  desiredImage: WaitPace;
  baseImage: WaitPace;
  vCenterBackup: WaitPace;
  vCenterStage: WaitPace;
  /** Staging the image on the hosts of a cluster, one after the other. */
  imageStage: WaitPace;
  vCenterInstall: WaitPace;
  /** How long a host or vCenter must stay healthy before the next one is begun (M6). */
  soakMs: number;
  /** While something holds the run, people are shown what holds it now no more often than this (M18). */
  holdRefreshMs: number;
  /** Waiting for an earlier run's child that is still at work. */
  openChild: WaitPace;
}

export interface WaitPace {
  warnMs: number;
  deadlineMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pace of production. */
export const DEFAULT_PACE: Pace = {
  pollMs: 15 * SECOND,
  taskPollMs: 5 * SECOND,
  heartbeatMs: 12 * SECOND,
  heartbeatTimeoutMs: 2 * MINUTE,
  callMs: 1 * MINUTE,
  maintenanceMode: { warnMs: 30 * MINUTE, deadlineMs: 4 * HOUR },
  remediation: { warnMs: 45 * MINUTE, deadlineMs: 3 * HOUR },
  reconnect: { warnMs: 15 * MINUTE, deadlineMs: 1 * HOUR },
  firstAttestation: { warnMs: 3 * MINUTE, deadlineMs: 10 * MINUTE },
  attestation: { warnMs: 10 * MINUTE, deadlineMs: 45 * MINUTE },
  services: { warnMs: 3 * MINUTE, deadlineMs: 15 * MINUTE },
  serviceHealth: { warnMs: 5 * MINUTE, deadlineMs: 30 * MINUTE },
  desiredImage: { warnMs: 10 * MINUTE, deadlineMs: 1 * HOUR },
  baseImage: { warnMs: 5 * MINUTE, deadlineMs: 30 * MINUTE },
  vCenterBackup: { warnMs: 1 * HOUR, deadlineMs: 4 * HOUR },
  vCenterStage: { warnMs: 1 * HOUR, deadlineMs: 4 * HOUR },
  imageStage: { warnMs: 2 * HOUR, deadlineMs: 8 * HOUR },
  vCenterInstall: { warnMs: 2 * HOUR, deadlineMs: 6 * HOUR },
  soakMs: 5 * MINUTE,
  holdRefreshMs: 15 * MINUTE,
  openChild: { warnMs: 1 * HOUR, deadlineMs: 12 * HOUR },
};

/** Shortest look, heartbeat and deadline of a scaled pace: a rehearsal still runs on a real network and a real scheduler. */
const FLOOR = {
  lookMs: 50,
  heartbeatMs: 500,
  heartbeatTimeoutMs: 3 * SECOND,
  callMs: 5 * SECOND,
  deadlineMs: 30 * SECOND,
};

/**
 * The production pace scaled for a rehearsal.
 * @param factor 1 leaves it as it is, 0.01 makes a minute 600 ms
 */
export function scalePace(factor: number): Pace {
  const scale = (milliseconds: number, floor: number) =>
    factor === 1 ? milliseconds : Math.max(Math.round(milliseconds * factor), Math.min(floor, milliseconds));
  const wait = (pace: WaitPace): WaitPace => ({
    warnMs: scale(pace.warnMs, FLOOR.lookMs),
    deadlineMs: scale(pace.deadlineMs, FLOOR.deadlineMs),
  });
  const p = DEFAULT_PACE;
  return {
    pollMs: scale(p.pollMs, FLOOR.lookMs),
    taskPollMs: scale(p.taskPollMs, FLOOR.lookMs),
    heartbeatMs: scale(p.heartbeatMs, FLOOR.heartbeatMs),
    heartbeatTimeoutMs: scale(p.heartbeatTimeoutMs, FLOOR.heartbeatTimeoutMs),
    callMs: scale(p.callMs, FLOOR.callMs),
    maintenanceMode: wait(p.maintenanceMode),
    remediation: wait(p.remediation),
    reconnect: wait(p.reconnect),
    firstAttestation: { ...wait(p.firstAttestation), deadlineMs: scale(p.firstAttestation.deadlineMs, 3 * SECOND) },
    attestation: wait(p.attestation),
    services: wait(p.services),
    serviceHealth: wait(p.serviceHealth),
    desiredImage: wait(p.desiredImage),
    baseImage: wait(p.baseImage),
    vCenterBackup: wait(p.vCenterBackup),
    vCenterStage: wait(p.vCenterStage),
    imageStage: wait(p.imageStage),
    vCenterInstall: wait(p.vCenterInstall),
    soakMs: scale(p.soakMs, FLOOR.lookMs),
    holdRefreshMs: scale(p.holdRefreshMs, FLOOR.lookMs),
    openChild: wait(p.openChild),
  };
}
