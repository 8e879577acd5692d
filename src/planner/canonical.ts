import type { Plan, PlannedHost } from '../model/plan';

/**
 * The canonical JSON of a value: one text for equal values, whatever the order of their keys. Keys are sorted by code
 * unit (whole numbers first, in their order, as JavaScript has it), nothing is indented, `undefined` is left out.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isPlainObject(part) ? sortKeys(part) : part)) ?? 'null';
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(object: object): object {
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const sorted: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))) sorted[key] = value;
  return sorted;
}

/**
 * What people approve, as the text whose SHA-256 is the plan's digest (hashed in an activity: the sandbox cannot).
 * Left out is what changes by itself while they think it over: times, estimates, the readers' list of base images,
 * children that are still at work, and how many virtual machines run where (DRS moves them every few minutes).
 */
export function planDigestSubject(plan: Plan): string {
  const {
    createdAt: _time,
    waitFor: _children,
    lastRun: _last,
    baseImages: _images,
    impact,
    phases,
    removal,
    reference,
    ...approved
  } = plan;
  const { estimatedMinutes: _estimate, runningVmsMoved: _vms, ...approvedImpact } = impact;
  const { review: _review, ...removed } = removal ?? {};
  return canonicalJson({
    ...approved,
    ...(removal === undefined ? {} : { removal: removed }),
    ...(reference === undefined ? {} : { reference: { ...reference, host: withoutVms(reference.host) } }),
    impact: approvedImpact,
    phases: phases.map((phase) =>
      phase.kind === 'vcenters' ? phase : { ...phase, hosts: phase.hosts.map(withoutVms) },
    ),
  });
}

function withoutVms({ runningVms: _running, ...host }: PlannedHost): Omit<PlannedHost, 'runningVms'> {
  return host;
}
