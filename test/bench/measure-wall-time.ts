import type { WorldEvent, WorldEventKind } from '../../simulator/world/events';
import type { Durations } from '../../simulator/world/settings';
import { DEFAULT_PACE } from '../../src/model/pace';
import { demo } from '../../simulator/scenarios/demo';
import { PatientClient } from '../support/crash/patient-client';
import { atMost, type Figure } from './figure';
import { Parts } from './parts';
import { readDurations, readEvents, readRequests, type AskedRequest } from './read-control';
import { runUpgrade } from './run-upgrade';

const LIMIT = 1.1;
/** A host of half an hour in 20 s. */
const SCALE = 20 / (30 * 60);

/** A host takes 20 s: with its virtual machines, into maintenance mode, installed, booted, attested, out again. */
const DURATIONS: Partial<Durations> = {
  enterMaintenanceMode: 2_000,
  exitMaintenanceMode: 1_000,
  vmMigration: 300,
  imageInstall: 5_000,
  reboot: 9_500,
  attestation: 1_500,
  // 1 s of a real vCenter.
  taskWork: 11,
  notRespondingAfter: 1_000,
  backup: 5_000,
  applianceStage: 8_000,
  appliancePrecheck: 1_000,
  applianceInstall: 8_000,
  applianceReboot: 8_000,
  applianceSettle: 1_000,
};

/** The scenario `demo` with hosts of 20 s: how much longer a run takes than what it waits for. */
export async function measureWallTime(): Promise<Figure[]> {
  await using parts = new Parts();
  const { ready } = await parts.simulator({ ...demo, durations: DURATIONS, paceScale: SCALE });
  const { address } = await parts.temporal();
  await parts.worker(address, ready);
  const people = await PatientClient.connect(address);
  try {
    const { report, wallMs } = await runUpgrade(people, ready, 20 * 60_000);
    const limit = physicalLimit(await readEvents(ready), await readRequests(ready), await readDurations(ready));
    const soakMs = report.items.length * DEFAULT_PACE.soakMs * SCALE;
    const physicalMs = limit.reduce((sum, { ms }) => sum + ms, 0);
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    return [
      atMost(
        'wall time of a run on `demo` over the physical limit',
        wallMs / (physicalMs + soakMs),
        LIMIT,
        '',
        [
          `${seconds(wallMs)} / (${seconds(physicalMs)} + ${seconds(soakMs)} of soak). Physical is what the simulator itself took, from its log (where that has no beginning: how often it was asked, times how long it takes): ${limit.map(({ what, ms }) => `${what} ${seconds(ms)}`).join(', ')}.`,
          `The soak (${report.items.length} hosts and vCenters, ${DEFAULT_PACE.soakMs / 60_000} min each, scaled by ${SCALE.toFixed(4)} as a host of 30 min to 20 s) is waited for because the operator asks for it. With the soak counted as overhead: ${(wallMs / physicalMs).toFixed(2)}.`,
        ].join('\n'),
      ),
    ];
  } finally {
    await people.close();
  }
}

interface Part {
  what: string;
  ms: number;
}

/** The simulator's own operations, one after the other, as a run has to wait for them. */
function physicalLimit(events: readonly WorldEvent[], requests: readonly AskedRequest[], durations: Durations): Part[] {
  const count = (what: WorldEventKind) => events.filter((event) => event.what === what).length;
  const asked = (operation: string) => requests.filter((one) => one.operation?.endsWith(operation) === true).length;
  const attested = attestationsWaitedFor(events);
  return [
    { what: 'maintenance mode entered', ms: between(events, 'maintenance-mode-entering', 'maintenance-mode-entered') },
    { what: 'remediated, boot included', ms: between(events, 'remediation-started', 'remediation-ended') },
    { what: 'attested after boot or import', ms: attested * durations.attestation },
    { what: 'maintenance mode left', ms: count('maintenance-mode-left') * durations.exitMaintenanceMode },
    { what: 'vCenters backed up', ms: between(events, 'backup-started', 'backup-finished') },
    {
      what: 'vCenters checked and staged',
      ms: count('vcenter-staged') * durations.applianceStage + asked('.precheck') * durations.appliancePrecheck,
    },
    {
      what: 'vCenters installed, reboot included',
      ms: between(events, 'vcenter-update-started', 'vcenter-back'),
    },
    {
      what: 'desired images validated, committed, scanned for',
      ms:
        count('desired-image-changed') * (durations.draftValidate + durations.draftCommit) +
        asked('.software.scan$task') * durations.imageScan,
    },
  ];
}

/** How often a run had to wait for an attestation: of a host in maintenance mode, good or bad. */
function attestationsWaitedFor(events: readonly WorldEvent[]): number {
  const out = new Set<string>();
  let waitedFor = 0;
  for (const { what, host = '' } of events) {
    if (what === 'maintenance-mode-entered') out.add(host);
    if (what === 'maintenance-mode-left') out.delete(host);
    if ((what === 'attested' || what === 'not-attested') && out.has(host)) waitedFor += 1;
  }
  return waitedFor;
}

/** The sum of the times between two events of the same host or vCenter. */
function between(events: readonly WorldEvent[], from: WorldEventKind, to: WorldEventKind): number {
  const open = new Map<string, number>();
  let sum = 0;
  for (const { what, host, vCenter, time } of events) {
    const subject = host ?? vCenter ?? '';
    if (what === from) open.set(subject, Date.parse(time));
    const since = open.get(subject);
    if (what !== to || since === undefined) continue;
    sum += Date.parse(time) - since;
    open.delete(subject);
  }
  return sum;
}
