import {
  ActivityCancellationType,
  condition,
  isCancellation,
  patched,
  proxyActivities,
  type ActivityInterfaceFor,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities';
import { scalePace, type Pace, type WaitPace } from '../model/pace';

/** Room beside a deadline that the activity keeps itself: its own message is better than a server's timeout. */
const MARGIN_MS = 60_000;

type Proxies = ActivityInterfaceFor<Activities>;

/**
 * Reads: short, many retries. Every activity beats by itself, so a worker that died in a read is noticed as soon as one
 * that died in a long step. A vCenter that answers 503 for twenty minutes is waited out (M9); after that the step
 * fails and a person is asked.
 */
export function reads(pace: Pace, summary: string): Proxies {
  return proxyActivities<Activities>({
    ...base(pace, summary),
    startToCloseTimeout: 10 * pace.callMs + MARGIN_MS,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    scheduleToCloseTimeout: readsPatienceMs(pace),
  });
}

/** How long a read is tried again before the step fails. */
export function readsPatienceMs({ serviceHealth, callMs }: Pace): number {
  return serviceHealth.deadlineMs + 10 * callMs + MARGIN_MS;
}

/** Looks whose answer people wait for: a vCenter that does not answer within a few calls is told as that. */
export function looks(pace: Pace, summary: string): Proxies {
  return proxyActivities<Activities>({
    ...base(pace, summary),
    startToCloseTimeout: 10 * pace.callMs + MARGIN_MS,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    scheduleToCloseTimeout: 10 * pace.callMs + MARGIN_MS,
  });
}

/**
 * Steps that change or wait: the activity polls and heartbeats, so a dead worker is noticed within the heartbeat
 * timeout, and keeps its own deadline over all attempts. Attempts are unlimited since a worker's stop uses one up.
 */
export function longWork(pace: Pace, wait: WaitPace, summary: string): Proxies {
  return proxyActivities<Activities>({
    ...base(pace, summary),
    startToCloseTimeout: wait.deadlineMs + MARGIN_MS,
    scheduleToCloseTimeout: 2 * wait.deadlineMs + MARGIN_MS,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
  });
}

/**
 * The same for steps of a run itself. A timer goes along with each call, so it is not for what a run does for each host.
 * @param late called when the warning deadline has passed (M19); the work goes on
 */
export function watchedWork(pace: Pace, wait: WaitPace, summary: string, late: (warning: string) => void): Proxies {
  const work = longWork(pace, wait, summary);
  // Histories that are older have no such timers.
  if (!patched('vta-run-warns-when-late')) return work;
  const tell = () => late(`"${summary}" takes longer than expected (${Math.round(wait.warnMs / 1000)} s) and goes on.`);
  return new Proxy(work, {
    get: (proxies, name) => {
      const call = Reflect.get(proxies, name) as (...input: unknown[]) => Promise<unknown>;
      return async (...input: unknown[]) => await tellWhenLate(call(...input), wait.warnMs, summary, tell);
    },
  });
}

async function tellWhenLate<T>(work: Promise<T>, warnMs: number, summary: string, tell: () => void): Promise<T> {
  let over = false;
  const end = work.finally(() => {
    over = true;
  });
  const watch = condition(() => over, warnMs, { summary: `warn: ${summary}` }).then(
    (inTime) => {
      if (!inTime) tell();
    },
    (error: unknown) => {
      if (!isCancellation(error)) throw error; // cancelled with the work, which says so itself
    },
  );
  try {
    return await end;
  } finally {
    await watch;
  }
}

/** Looking at something for as long as it may take. It changes nothing: who gives it up does not wait for its end. */
export function watches(pace: Pace, deadlineMs: number, summary: string): Proxies {
  return proxyActivities<Activities>({
    ...base(pace, summary),
    startToCloseTimeout: deadlineMs + 10 * pace.callMs + MARGIN_MS,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
}

/** What is tried once more at the next occasion, and must not keep people waiting: given up after two calls' time. */
export function brieflyTried(pace: Pace, summary: string): Proxies {
  return proxyActivities<Activities>({
    ...base(pace, summary),
    startToCloseTimeout: pace.callMs,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    scheduleToCloseTimeout: 2 * pace.callMs,
  });
}

/** Before there is a plan there is no recorded pace: short enough that a worker that dies is soon noticed, for nothing is lost. */
export function readsBeforePlan(summary: string): Proxies {
  return proxyActivities<Activities>({
    ...base(scalePace(1), summary),
    startToCloseTimeout: '15 minutes',
    scheduleToCloseTimeout: '45 minutes',
    heartbeatTimeout: '20 seconds',
  });
}

/** Before there is a plan: waiting for an earlier run's child, which may have the longest remediation before it. */
export function waitBeforePlan(summary: string): Proxies {
  const pace = scalePace(1);
  return longWork(pace, pace.openChild, summary);
}

function base(pace: Pace, summary: string): ActivityOptions {
  return { summary, retry: retryPolicy(pace) };
}

/** How Temporal tries an activity again whose failure may pass. */
export function retryPolicy({ pollMs }: Pace) {
  return { initialInterval: Math.min(pollMs, 5000), backoffCoefficient: 2, maximumInterval: 4 * pollMs };
}
