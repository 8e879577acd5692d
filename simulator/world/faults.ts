/** Faults that the router applies to one request. */
export type RequestFaultKind = 'error' | 'hang' | 'delay' | 'reply-lost' | 'half-body' | 'session-expired';
/** Faults that the task engine applies to one task. */
export type TaskFaultKind = 'task-fails' | 'task-hangs' | 'task-record-gone';
/** Faults of the world: they change what happens, not what is answered. */
export type WorldFaultKind =
  | 'no-return'
  | 'old-build'
  | 'service-down'
  | 'service-broken'
  | 'not-attest'
  | 'attestation-stale'
  | 'mm-hangs'
  | 'remediation-skipped'
  | 'remediation-fails'
  | 'update-fails'
  | 'vcenter-no-return'
  | 'backup-fails'
  | 'desired-image-edited'
  | 'stranger-remediates';
export type FaultKind = RequestFaultKind | TaskFaultKind | WorldFaultKind;

export const REQUEST_FAULTS: readonly RequestFaultKind[] = [
  'error',
  'hang',
  'delay',
  'reply-lost',
  'half-body',
  'session-expired',
];
export const TASK_FAULTS: readonly TaskFaultKind[] = ['task-fails', 'task-hangs', 'task-record-gone'];
export const WORLD_FAULTS: readonly WorldFaultKind[] = [
  'no-return',
  'old-build',
  'service-down',
  'service-broken',
  'not-attest',
  'attestation-stale',
  'mm-hangs',
  'remediation-skipped',
  'remediation-fails',
  'update-fails',
  'vcenter-no-return',
  'backup-fails',
  'desired-image-edited',
  'stranger-remediates',
];

/** Faults that last unless a number is given. */
const LASTING: readonly FaultKind[] = ['not-attest', 'attestation-stale'];

/** One fault as scenarios and `POST /faults` write it. */
export interface FaultSpec {
  kind: FaultKind;
  /**
   * REST operation id (`com.vmware.…base_images.import_from_imgdb`, a leading part may be left out), SOAP method
   * name (`EnterMaintenanceMode_Task`) or `GET boot_imgdb.tgz`; `*` stands for any text. Not used by world faults.
   */
  operation?: string;
  /** Id or name of the vCenter. */
  vCenter?: string;
  /** Name or moid of the host that the request, task or rule is about. */
  host?: string;
  /** How many matches pass first. Default 0. */
  skip?: number;
  /** How many matches are hit. Default 1 (faults of attestation: null); `null`: all, until the fault is deleted. */
  count?: number | null;
  /** `error`: REST error type or vim25 fault name. Default ERROR / SystemError. `task-fails`: likewise. */
  error?: string;
  message?: string;
  /** `delay`: milliseconds. `hang`: how long before the socket is closed (default: for ever). */
  milliseconds?: number;
  /** `service-down`, `service-broken`: key of the service, default attestd on TA Hosts. */
  service?: string;
  /** `desired-image-edited`: the base image that somebody makes the desired one. */
  baseImage?: string;
}

/** A fault with its counters. */
export interface FaultRule extends FaultSpec {
  id: string;
  skip: number;
  count: number | null;
  /** Matches seen so far, and matches hit. */
  seen: number;
  fired: number;
}

/** Where a fault may strike. */
export interface FaultPoint {
  operation?: string | undefined;
  vCenter?: { id: string; name: string } | null | undefined;
  host?: { name: string; moid: string } | null | undefined;
  /** More names of hosts that the request mentions (moids in path, query or body). */
  mentions?: readonly string[] | undefined;
}

/** The faults of a world. */
export class Faults {
  #rules: FaultRule[] = [];
  #next = 1;
  /** Called for each fault that strikes. */
  onFired: (rule: FaultRule, point: FaultPoint) => void = () => undefined;

  /** Adds a fault; it strikes from now on. */
  add(spec: FaultSpec): FaultRule {
    const rule: FaultRule = {
      ...spec,
      id: `fault-${this.#next++}`,
      skip: spec.skip ?? 0,
      count: spec.count === undefined ? (LASTING.includes(spec.kind) ? null : 1) : spec.count,
      seen: 0,
      fired: 0,
    };
    this.#rules.push(rule);
    return rule;
  }

  all(): readonly FaultRule[] {
    return this.#rules;
  }

  /** Deletes one fault, or all. */
  clear(id?: string): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((rule) => rule.id !== id);
  }

  /**
   * The fault of one of `kinds` that strikes here, if any. Asking counts: call once for each occasion.
   */
  take(kinds: readonly FaultKind[], point: FaultPoint): FaultRule | null {
    for (const rule of this.#rules) {
      if (!kinds.includes(rule.kind) || !matches(rule, point)) continue;
      if (rule.count !== null && rule.fired >= rule.count) continue;
      rule.seen += 1;
      if (rule.seen <= rule.skip) continue;
      rule.fired += 1;
      this.onFired(rule, point);
      return rule;
    }
    return null;
  }

  /** Whether a lasting fault of that kind is in force here; asking does not count. */
  active(kind: FaultKind, point: FaultPoint): FaultRule | null {
    return (
      this.#rules.find(
        (rule) => rule.kind === kind && matches(rule, point) && (rule.count === null || rule.fired < rule.count),
      ) ?? null
    );
  }
}

function matches(rule: FaultRule, point: FaultPoint): boolean {
  if (rule.operation !== undefined && !matchesOperation(rule.operation, point.operation)) return false;
  if (rule.vCenter !== undefined && rule.vCenter !== point.vCenter?.id && rule.vCenter !== point.vCenter?.name) {
    return false;
  }
  if (rule.host === undefined) return true;
  return rule.host === point.host?.name || rule.host === point.host?.moid || (point.mentions ?? []).includes(rule.host);
}

/** `*` is any text; a pattern matches a whole operation id or its end after a dot. */
function matchesOperation(pattern: string, operation: string | undefined): boolean {
  if (operation === undefined) return false;
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^(?:.*\\.)?${source}$`).test(operation);
}
