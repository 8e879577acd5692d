import { patched } from '@temporalio/workflow';
import type { Hold } from '../model/hold';
import type { PlannedHost } from '../model/plan';
import { reads, watches } from './proxies';
import type { Run } from './run';
import type { HeldHost } from './run-state';
import { isLate } from './window';
import { RunEnds } from './waiting';

/**
 * Waits, before a host is begun, until none of the checks of the infrastructure file holds the run any more (M18). Nothing
 * is in work meanwhile: pause and abort take effect at once, and while the run is paused nothing is asked.
 *
 * A hold writes one line of audit when it begins, one when it ends, and one reminder per expiry of approvals.
 * @throws RunEnds when somebody aborts the run meanwhile
 */
export async function passHolds(run: Run, host: PlannedHost): Promise<void> {
  const { plan } = run;
  // A host that was begun before the run continued as new is in work: nothing holds it any more.
  if (plan.holds.length === 0 || isInWork(run, host)) return;
  try {
    await run.attempt(`hold:${host.name}`, async () => {
      while (!(await isLetGo(run, host)));
    });
  } catch (error) {
    if (error instanceof RunEnds) letGo(run, 'the run was ended while it was held');
    throw error;
  }
}

/** One whose window closed before its first change waits for the next opening, and may be held anew. */
function isInWork(run: Run, { name }: PlannedHost): boolean {
  const step = `host:${name}`;
  const { attempts, begun } = run.state;
  if (attempts[step] === undefined) return false;
  return begun.includes(name) || !(isLate(run, step) && patched('vta-holds-at-the-next-opening'));
}

/** Looks once, or waits for news where the run is held already; what it finds is told. */
async function isLetGo(run: Run, host: PlannedHost): Promise<boolean> {
  const { state, plan } = run;
  await run.betweenParts();
  if (state.held === undefined)
    run.say(`Asking whether anything holds the run before ${host.name}: ${plan.holds.join(', ')}.`);
  else run.say(describeHeld(state.held));
  const { held } = state;
  const found = await run.unlessSteered(async () =>
    held === undefined ? await look(run, host) : await watch(run, held),
  );
  if (found === undefined) return false;
  if (found.length === 0) letGo(run, 'nothing holds the run any more');
  else hold(run, host, found);
  return found.length === 0;
}

async function look(run: Run, host: PlannedHost): Promise<Hold[]> {
  const { pace } = run.plan;
  return (await reads(pace, `${host.name}: does anything hold the run?`).vtaReadHolds({ ...run.ref, pace })).holds;
}

async function watch(run: Run, held: HeldHost): Promise<Hold[]> {
  const { pace } = run.plan;
  const deadlineMs = Math.max(Date.parse(held.remindAt) - Date.now(), 1);
  const { holds } = await watches(pace, deadlineMs, `${held.host}: held by ${names(held.by)}`).vtaWaitHolds({
    ...run.ref,
    pace,
    shown: held.by,
    deadlineMs,
  });
  return holds;
}

function hold(run: Run, { name }: PlannedHost, by: Hold[]): void {
  const { state, plan } = run;
  const now = Date.now();
  const remindAt = new Date(now + plan.approvals.expireAfterMs).toISOString();
  if (state.held === undefined) {
    state.held = { host: name, since: new Date(now).toISOString(), by, remindAt };
    run.audit('held', name, reasons(by));
    return;
  }
  state.held.by = by;
  if (now < Date.parse(state.held.remindAt)) return;
  state.held.reminders = (state.held.reminders ?? 0) + 1;
  state.held.remindAt = remindAt;
  run.audit('reminder', name, `held since ${state.held.since} (reminder ${state.held.reminders}): ${reasons(by)}`);
}

function letGo(run: Run, why: string): void {
  const { held } = run.state;
  if (held === undefined) return;
  run.audit('no longer held', held.host, `held since ${held.since}; ${why}`);
  delete run.state.held;
}

function describeHeld({ host, since, by }: HeldHost): string {
  return `Held before ${host} since ${since}: ${reasons(by)}. Nothing is in work; the run goes on by itself when nothing holds it any more.`;
}

function reasons(by: Hold[]): string {
  return by.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
}

function names(by: Hold[]): string {
  return by.map(({ name }) => name).join(', ');
}
