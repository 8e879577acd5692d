import type { Appliance, PendingUpdate } from './appliance-state';
import { Fault } from './fault';
import { compareVersions } from './lifecycle-image';
import type { VCenter } from './state';
import type { World } from './world';

/** What `GET /api/appliance/update` says. */
export interface UpdateStatus {
  state: Appliance['state'];
  /** Its meaning depends on `state` (documented): running, staged, in work, or failed version. */
  version: string;
}

/**
 * State of the appliance's update.
 * documented: `version` is the base version when UP_TO_DATE, the staged one when UPDATES_PENDING, the one in work while
 * an operation lasts, the failed one after a failure; UPDATES_PENDING means "a new update is available". guessed: with
 * an update available and none staged, `version` is the newest available one.
 */
export function updateStatus(vCenter: VCenter): UpdateStatus {
  const { appliance } = vCenter;
  if (appliance.state !== 'UP_TO_DATE' && appliance.state !== 'UPDATES_PENDING') {
    return { state: appliance.state, version: appliance.inWork ?? vCenter.version };
  }
  const waiting = appliance.staged ?? availableUpdates(vCenter).at(-1)?.version;
  if (waiting === undefined) return { state: 'UP_TO_DATE', version: vCenter.version };
  return { state: 'UPDATES_PENDING', version: waiting };
}

/** Updates newer than what runs, oldest first. */
function availableUpdates({ appliance, version }: VCenter): PendingUpdate[] {
  return appliance.pending
    .filter((update) => compareVersions(update.version, version) > 0)
    .sort((a, b) => compareVersions(a.version, b.version));
}

/**
 * Looks for updates. guessed: every source knows the same ones; LAST_CHECK knows none before the first look.
 * documented: major versions are listed only when asked for.
 */
export function listUpdates(
  world: World,
  vCenter: VCenter,
  query: { source: 'LAST_CHECK' | 'LOCAL' | 'LOCAL_AND_ONLINE'; majors: boolean },
): PendingUpdate[] {
  if (query.source === 'LAST_CHECK' && vCenter.appliance.lastQuery === null) return [];
  if (query.source !== 'LAST_CHECK') vCenter.appliance.lastQuery = world.clock.now();
  return availableUpdates(vCenter).filter((update) => query.majors || update.updateType !== 'UPGRADE');
}

/** An update by version. @throws Fault ALREADY_IN_DESIRED_STATE (it runs), NOT_FOUND; documented */
export function pendingUpdate(vCenter: VCenter, version: string): PendingUpdate {
  if (version === vCenter.version) {
    throw new Fault('ALREADY_IN_DESIRED_STATE', `The version ${version} is already installed.`);
  }
  const update = availableUpdates(vCenter).find((candidate) => candidate.version === version);
  if (!update) throw new Fault('NOT_FOUND', `There is no update ${version}.`);
  return update;
}

/** @throws Fault NOT_ALLOWED_IN_CURRENT_STATE while an update is in work, or after one failed */
export function checkNoUpdateInWork({ appliance }: VCenter): void {
  if (appliance.state === 'UP_TO_DATE' || appliance.state === 'UPDATES_PENDING') return;
  throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `The state of the appliance's update is ${appliance.state}.`);
}

/** The question that an update asks before it installs. */
export const PASSWORD_QUESTION = 'vmdir.password';

/**
 * Remarks on the answers to the update's questions; empty: they are fine. Only the password of the single sign-on
 * administrator is asked for.
 */
export function wrongAnswers(vCenter: VCenter, answers: Record<string, string>): string[] {
  const password = answers[PASSWORD_QUESTION];
  if (password === undefined) return [`The answer to ${PASSWORD_QUESTION} is missing.`];
  const administrator = vCenter.users.find((user) => user.name.toLowerCase().startsWith('administrator@'));
  return administrator?.password === password ? [] : [`The answer to ${PASSWORD_QUESTION} is wrong.`];
}

/**
 * Starts downloading an update into the appliance.
 * @throws Fault as pendingUpdate and checkNoUpdateInWork; ALREADY_EXISTS when it is staged (documented)
 */
export function startStaging(world: World, vCenter: VCenter, version: string): void {
  pendingUpdate(vCenter, version);
  checkNoUpdateInWork(vCenter);
  if (vCenter.appliance.staged === version) throw new Fault('ALREADY_EXISTS', `The update ${version} is staged.`);
  void stage(world, vCenter, version);
}

/** Downloads an update; ends early, with nothing staged, when the operation is cancelled. */
export async function stage(world: World, vCenter: VCenter, version: string): Promise<void> {
  const { appliance } = vCenter;
  begin(world, appliance, 'STAGE_IN_PROGRESS', version);
  appliance.staged = null;
  await inSteps(world, world.settings.durations.applianceStage, (percent) => {
    if (appliance.inWork === version) appliance.progress = percent;
  });
  // Somebody may have cancelled it.
  if (appliance.state !== 'STAGE_IN_PROGRESS' || appliance.inWork !== version) return;
  appliance.staged = version;
  settle(appliance);
  world.events.add('vcenter-staged', { vCenter: vCenter.id }, { version });
}

/** Notes that an operation on the update begins. */
export function begin(world: World, appliance: Appliance, state: Appliance['state'], version: string): void {
  appliance.state = state;
  appliance.inWork = version;
  appliance.progress = 0;
  appliance.workStarted = world.clock.now();
}

/** Back to rest: what rests is computed by updateStatus. */
export function settle(appliance: Appliance): void {
  appliance.state = appliance.staged === null ? 'UP_TO_DATE' : 'UPDATES_PENDING';
  appliance.inWork = null;
  appliance.progress = 100;
}

/** Lets `ms` pass and reports percents on the way. */
export async function inSteps(world: World, ms: number, report: (percent: number) => void): Promise<void> {
  const steps = 5;
  for (let step = 1; step <= steps; step += 1) {
    await world.clock.sleep(ms / steps);
    report((100 * step) / steps);
  }
}

/** Stops a download. @throws Fault NOT_ALLOWED_IN_CURRENT_STATE: nothing else can be cancelled (guessed: an install) */
export function cancelUpdate({ appliance }: VCenter): void {
  if (appliance.state !== 'STAGE_IN_PROGRESS') {
    throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', 'The current task cannot be cancelled.');
  }
  settle(appliance);
}

/** The staged update. @throws Fault NOT_ALLOWED_IN_CURRENT_STATE when nothing is staged (documented) */
export function stagedUpdate(vCenter: VCenter): PendingUpdate {
  const { staged, pending } = vCenter.appliance;
  const update = pending.find((candidate) => candidate.version === staged);
  if (!update) throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', 'No update is staged.');
  return update;
}

/** Forgets what is staged, if anything. */
export function unstage({ appliance }: VCenter): void {
  appliance.staged = null;
  if (appliance.state === 'UPDATES_PENDING') settle(appliance);
}
