import {
  applyPolicyChangeId,
  draftChangeId,
  hostChangeId,
  type LedgerChange,
  type LedgerEntry,
  type LedgerState,
} from '../model/ledger';
import type { BootRecord, ObservedBoot } from '../model/boots';
import type { Report } from '../model/report';
import { recordBoot } from '../planner/boots';

/** Most characters of a change as JSON, and of all of them: what is carried over continue-as-new must stay small. */
const LONGEST = { change: 100_000, all: 1_000_000 };

/**
 * The ledger after something was written into it. A change that it has already stays as it is, since the first record
 * holds the value from before; so the same entry may be written any number of times.
 */
export function enter(
  state: LedgerState,
  { settle = [], record = [], observed = [], ended }: LedgerEntry,
): LedgerState {
  const changes = state.changes.filter(({ id }) => !settle.includes(id));
  let notTaken = state.notTaken ?? 0;
  let length = JSON.stringify(changes).length;
  for (const change of record) {
    if (changes.some(({ id }) => id === change.id)) continue;
    const more = JSON.stringify(change).length;
    if (more > LONGEST.change || length + more > LONGEST.all) notTaken += 1;
    else {
      changes.push(change);
      length += more;
    }
  }
  const lastRun = ended ?? state.lastRun;
  const boots = observed.reduce(afterBoot, state.boots ?? []);
  const room = JSON.stringify(boots).length <= LONGEST.all;
  if (!room) notTaken += observed.length;
  const taken = room ? boots : (state.boots ?? []);
  return {
    changes,
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(taken.length === 0 ? {} : { boots: taken }),
    ...(notTaken === 0 ? {} : { notTaken }),
  };
}

function afterBoot(boots: BootRecord[], observed: ObservedBoot): BootRecord[] {
  const ofHost = ({ subject }: BootRecord): boolean => subject.uuid === observed.subject.uuid;
  return [...boots.filter((record) => !ofHost(record)), recordBoot(boots.find(ofHost), observed)];
}

/** What a signal holds, as far as it can be understood; anybody may send one. */
export function readEntry(message: unknown): LedgerEntry & { notUnderstood: number } {
  if (!isObject(message)) return { notUnderstood: 1 };
  const { settle, record, observed, ended } = message;
  const given = Array.isArray(record) ? record : [];
  const changes = given.filter(isChange);
  const seen = Array.isArray(observed) ? observed : [];
  const boots = seen.filter(isObservedBoot);
  const run = isObject(ended) && isText(ended['runId']) && isText(ended['at']) && isOutcome(ended['outcome']);
  return {
    settle: Array.isArray(settle) ? settle.filter(isText) : [],
    record: changes,
    ...(run ? { ended: ended as unknown as NonNullable<LedgerEntry['ended']> } : {}),
    ...(boots.length === 0 ? {} : { observed: boots }),
    notUnderstood: given.length - changes.length + seen.length - boots.length,
  };
}

/** True for a state as it was carried over; given by hand it may be anything. */
export function isLedgerState(value: unknown): value is LedgerState {
  if (!isObject(value) || !Array.isArray(value['changes']) || !value['changes'].every(isChange)) return false;
  const boots = value['boots'];
  return boots === undefined || (Array.isArray(boots) && boots.every(isBootRecord));
}

function isBootRecord(value: unknown): value is BootRecord {
  if (!isOfHost(value)) return false;
  const { runs, bootTime, lastFullBoot, before } = value;
  const all = (list: unknown): unknown[] => (Array.isArray(list) ? list : [undefined]);
  return (
    isText(bootTime) &&
    [runs, ...all(lastFullBoot)].every(isBootedImage) &&
    all(before).every((one) => isBootedImage(one) && isText(one['until']))
  );
}

function isObservedBoot(value: unknown): value is ObservedBoot {
  if (!isOfHost(value)) return false;
  const { baseline, now, bootedFully } = value;
  const known = isBootedImage(now) && isText(now['bootTime']);
  return isBootedImage(baseline) && known && typeof bootedFully === 'boolean';
}

function isOfHost(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || !isObject(value['subject'])) return false;
  const { name, uuid, cluster, vCenter } = value['subject'];
  return [name, uuid, cluster, vCenter, value['at'], value['runId']].every(isText);
}

function isBootedImage(value: unknown): value is Record<string, unknown> {
  return isObject(value) && isText(value['version']) && isText(value['build']);
}

/** The id must be that of kind and subject: else the same change could stand there twice. */
function isChange(value: unknown): value is LedgerChange {
  if (!isObject(value)) return false;
  const { id, runId, at, kind, subject, before } = value;
  if (!isText(id) || !isText(runId) || !isText(at) || !isObject(subject) || !isObject(before)) return false;
  const { name, vCenter, cluster, uuid } = subject;
  if (!isText(name) || !isText(vCenter)) return false;
  if (kind === 'apply-policy')
    return (
      isText(subject['id']) && isObject(before['policy']) && id === applyPolicyChangeId({ vCenter, id: subject['id'] })
    );
  if (kind === 'draft') return isText(subject['id']) && id === draftChangeId({ vCenter, id: subject['id'] });
  if (!isText(uuid) || !isText(cluster)) return false;
  if (kind === 'maintenance-mode') return isText(before['build']) && id === hostChangeId(kind, uuid);
  return kind === 'host-removed' && id === hostChangeId(kind, uuid);
}

const OUTCOMES: readonly Report['outcome'][] = ['completed', 'nothing to do', 'rejected', 'aborted'];

function isOutcome(value: unknown): value is Report['outcome'] {
  return OUTCOMES.some((outcome) => outcome === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
