import { PHASE_TITLES, type Phase, type Plan, type PlannedReference } from '../model/plan';
import type { ItemProgress, PhaseProgress, Progress, RunStateName, WindowProgress } from '../model/progress';
import type { PhaseNumber } from '../model/request';
import type { RunState, WindowWait } from './run-state';

const ALL_PHASES: PhaseNumber[] = [1, 2, 3, 4];

/** The answer of the query `progress`, derived from the state: nothing is kept twice. */
export function progress(infrastructure: string, state: RunState): Progress {
  return {
    infrastructure,
    startedAt: state.startedAt,
    state: stateName(state),
    now: state.now,
    ...(state.planDigest === undefined ? {} : { planDigest: state.planDigest }),
    phases: state.plan === undefined ? [] : phases(state.plan, state),
    gates: Object.values(state.gates),
    ...(state.problem === undefined ? {} : { problem: state.problem }),
    ...(state.pause === undefined ? {} : { paused: state.pause }),
    ...(state.abort === undefined ? {} : { aborting: state.abort }),
    ...(state.window === undefined ? {} : { window: windowProgress(state.window, state.plan) }),
    warnings: state.warnings,
  };
}

function stateName(state: RunState): RunStateName {
  if (state.closing !== undefined) return state.closing;
  if (state.plan === undefined) return 'inspecting';
  const gates = Object.values(state.gates);
  if (gates.some((gate) => gate.step !== undefined)) return 'parked';
  if (gates.length > 0) return 'waiting for approval';
  if (state.atRest) return 'paused';
  if (state.window !== undefined && state.window.now === undefined && state.abort === undefined)
    return 'waiting for its window';
  return state.abort === undefined ? 'running' : 'finishing';
}

function windowProgress(
  { step, opensAt, closesAt, why, letBegin }: WindowWait,
  plan: Plan | undefined,
): WindowProgress {
  const required = plan?.approvals.required ?? 1;
  return {
    step,
    ...(opensAt === undefined || closesAt === undefined ? {} : { opensAt, closesAt }),
    why,
    ...(required === 1 ? {} : { approvals: { given: (letBegin ?? []).map(({ by }) => by), required } }),
  };
}

function phases(plan: Plan, state: RunState): PhaseProgress[] {
  const all = ALL_PHASES.map((number): PhaseProgress => {
    const phase = plan.phases.find((candidate) => candidate.number === number);
    const title = PHASE_TITLES[number];
    const items = phase === undefined ? [] : phaseItems(phase, state);
    if (items.length === 0) return { number, title, state: 'not in this run', items };
    return { number, title, state: stateOf(items, state.phase === number), items };
  });
  const { reference } = plan;
  if (reference === undefined) return all;
  const items = [referenceItem(reference, state)];
  const first: PhaseProgress = { number: 'reference', title: 'Reference host', state: stateOf(items, false), items };
  return all.toSpliced(3, 0, first);
}

function stateOf(items: ItemProgress[], begun: boolean): PhaseProgress['state'] {
  if (items.every((item) => item.state === 'done' || item.state === 'skipped')) return 'done';
  return begun || items.some((item) => item.state !== 'pending') ? 'running' : 'pending';
}

/** The reference host is done when its base image is imported, not when it is upgraded. */
export function referenceItem({ host, upgrade }: PlannedReference, state: RunState): ItemProgress {
  const { name, to } = host;
  const step = `host:${name}`;
  if (upgrade && state.steps[step] === undefined) return { name, ...itemState(step, name, state) };
  const is = state.steps[step]?.detail ?? `${to.version} build ${to.build}`;
  const { file } = state.images[host.imageKey] ?? {};
  const imported = state.referenceImage?.imported;
  if (imported !== undefined) {
    const how = imported.alreadyKnown ? 'was trusted already' : `imported as ${imported.version}`;
    return { name, state: 'done', detail: `${is}; base image ${imported.sha256} ${how}` };
  }
  const steps = [`base-image:export:${name}`, ...(file === undefined ? [] : [`base-image:${file.sha256}`])];
  const failed = steps.flatMap((one) => state.failed[one] ?? []).at(-1);
  if (failed !== undefined)
    return { name, state: 'failed', detail: `${is}; its base image is not imported: ${failed}` };
  if (state.closing !== undefined) return { name, state: 'pending', detail: `${is}; its base image is not imported` };
  const begun = upgrade || steps.some((one) => state.attempts[one] !== undefined);
  return begun ? { name, state: 'running', detail: `${is}; its base image is next` } : { name, state: 'pending' };
}

/** The vCenters or hosts of a phase with what became of them. */
export function phaseItems(phase: Phase, state: RunState): ItemProgress[] {
  const steps =
    phase.kind === 'vcenters'
      ? phase.vCenters.map(({ name }) => ({ name, step: `vcenter:${name}` }))
      : phase.hosts.map(({ name }) => ({ name, step: `host:${name}` }));
  return steps.map(({ name, step }) => ({ name, ...itemState(step, name, state) }));
}

function itemState(step: string, name: string, state: RunState): Pick<ItemProgress, 'state' | 'detail'> {
  const ended = state.steps[step];
  if (ended !== undefined)
    return { state: ended.state, ...(ended.detail === undefined ? {} : { detail: ended.detail }) };
  const failed = state.failed[step];
  if (failed !== undefined) return { state: 'failed', detail: failed };
  const attempt = state.attempts[step];
  // One that came too late for its window, and was not begun, waits for the next opening.
  if (attempt === undefined || state.window?.step === step)
    return { state: 'pending', ...waitDetail(step, name, state) };
  return { state: 'running', ...(attempt > 1 ? { detail: `attempt ${attempt}` } : {}) };
}

/** What is true of something that is not begun: that it waits for its window, and that its update is staged. */
function waitDetail(step: string, name: string, { window, staged = {} }: RunState): { detail?: string } {
  const waits = window?.step === step && window.opensAt !== undefined ? [`waits until ${window.opensAt}`] : [];
  const is = Object.values(staged).some((names) => names.includes(name)) ? ['staged'] : [];
  const detail = [...waits, ...is].join(', ');
  return detail === '' ? {} : { detail };
}
