import {
  applyPolicyChangeId,
  hostChangeId,
  type LedgerChange,
  type LedgerEntry,
  type LedgerState,
} from '../model/ledger';
import type { Report } from '../model/report';

/** Most characters of a change as JSON, and of all of them: what is carried over continue-as-new must stay small. */
const LONGEST = { change: 100_000, all: 1_000_000 };

/**
 * The ledger after something was written into it. A change that it has already stays as it is, since the first record
 * holds the value from before; so the same entry may be written any number of times.
 */
export function enter(state: LedgerState, { settle = [], record = [], ended }: LedgerEntry): LedgerState {
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
  return { changes, ...(lastRun === undefined ? {} : { lastRun }), ...(notTaken === 0 ? {} : { notTaken }) };
}

/** What a signal holds, as far as it can be understood; anybody may send one. */
export function readEntry(message: unknown): LedgerEntry & { notUnderstood: number } {
  if (!isObject(message)) return { notUnderstood: 1 };
  const { settle, record, ended } = message;
  const given = Array.isArray(record) ? record : [];
  const changes = given.filter(isChange);
  const run = isObject(ended) && isText(ended['runId']) && isText(ended['at']) && isOutcome(ended['outcome']);
  return {
    settle: Array.isArray(settle) ? settle.filter(isText) : [],
    record: changes,
    ...(run ? { ended: ended as unknown as NonNullable<LedgerEntry['ended']> } : {}),
    notUnderstood: given.length - changes.length,
  };
}

/** True for a state as it was carried over; given by hand it may be anything. */
export function isLedgerState(value: unknown): value is LedgerState {
  return isObject(value) && Array.isArray(value['changes']) && value['changes'].every(isChange);
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
