import type { Activities, VCenterStepInput } from './activities';
import { compareVersions } from '../planner/versions';
import { ApiFault, NotSent } from '../vsphere/errors';
import { remedyOf } from '../vsphere/error-table';
import type { FindSite, Site } from './dependencies';
import { throughRestart } from './through-restart';
import { refuse } from './to-failure';
import { precheck, refusedOnce, validate } from './update-answers';
import { installEndedSince, refuseBroken, strangersWork, whatItSays } from './updater';
import { createVCenterHealthActivities } from './vcenter-health';
import { createVCenterReadinessActivities } from './vcenter-readiness';
import { callOptions, isPast, waitUntil, type Look } from './wait';
import type { CallOptions } from '../vsphere/transport';

type VCenterUpdates = Pick<
  Activities,
  'vtaReadVCenterReadiness' | 'vtaEnsureVCenterStaged' | 'vtaEnsureVCenterInstalled' | 'vtaWaitVCenterHealthy'
>;

type Installed = { version: string } | 'not begun';

/** So many looks long an updater may be idle after it was told to begin, before that is taken for the end. */
const IDLE_LOOKS = 4;
const TOO_LATE = 'not begun, since the time for it had passed while no worker was there';

/**
 * Update of one vCenter appliance within its major version (design §9). Nothing is begun twice by itself: an updater
 * that is idle again without the target version was given up, rolled back or cancelled, and people have to know.
 */
export function createVCenterUpdateActivities(findSite: FindSite): VCenterUpdates {
  return {
    ...createVCenterReadinessActivities(findSite),
    ...createVCenterHealthActivities(findSite),

    async vtaEnsureVCenterStaged(input) {
      const site = findSite(input);
      const { vCenter, pace } = input;
      const { appliance, update } = await site.connections.vCenter(vCenter.name);
      const idle = idleTime(pace.pollMs);
      await waitUntil({
        what: `Staging of ${vCenter.to} on ${vCenter.name}`,
        code: 'VTA_VCENTER_UPDATE_FAILED',
        pace,
        deadlineMs: pace.vCenterStage.deadlineMs,
        remedy: `It still runs its old version. Look at the updates in its management interface, then decide "retry".`,
        async look(remember, remembered, late) {
          const options = callOptions(pace);
          idle.look();
          const { version } = await appliance.version(options);
          if (version === vCenter.to) return { done: true };
          const updater = await update.state(options);
          refuseBroken(vCenter, version, updater);
          const stranger = strangersWork(vCenter, updater);
          if (stranger !== undefined) return { pending: stranger };
          if (updater.state === 'INSTALL_IN_PROGRESS') return { done: true };
          if (updater.state === 'STAGE_IN_PROGRESS') {
            if (remembered !== BEGUN) remember(BEGUN);
            return { pending: 'staging' };
          }
          if ((await stagedVersion(site, input)) === vCenter.to) return { done: true };
          if (remembered === BEGUN) {
            if (!idle.tooLong()) return { pending: 'staging has begun' };
            throw refuse(
              'VTA_VCENTER_UPDATE_FAILED',
              `Staging of ${vCenter.to} on ${vCenter.name} ended, and it is not staged. The updater says ${whatItSays(updater)}. The vCenter still runs ${version}. Look at the updates in its management interface, then decide "retry".`,
            );
          }
          // Staging changes nothing that runs: where a worker died about to ask for it, it is asked for again.
          if (remembered === ABOUT && !idle.tooLong()) return { pending: 'staging may have begun' };
          if (late) return { pending: TOO_LATE };
          await noted(remember, options, () => update.stage(vCenter.to, options));
          return { pending: 'staging has begun' };
        },
      });
    },

    async vtaEnsureVCenterInstalled(input) {
      const site = findSite(input);
      const { vCenter, pace, installing, notBefore, beginBy } = input;
      const { appliance, update } = await site.connections.vCenter(vCenter.name);
      const idle = idleTime(pace.pollMs);
      return await waitUntil<Installed>({
        what: `Installation of ${vCenter.to} on ${vCenter.name}`,
        code: 'VTA_VCENTER_UPDATE_FAILED',
        pace,
        deadlineMs: pace.vCenterInstall.deadlineMs,
        remedy: `Look at the console of the appliance. When it answers, decide "retry": the run reads what it runs.`,
        look: throughRestart(pace, async (remember, remembered, late): Promise<Look<Installed>> => {
          const options = callOptions(pace);
          idle.look();
          const { version } = await appliance.version(options);
          const updater = await update.state(options);
          refuseBroken(vCenter, version, updater);
          const stranger = strangersWork(vCenter, updater);
          if (stranger !== undefined) return { pending: stranger };
          if (updater.state === 'INSTALL_IN_PROGRESS') {
            if (remembered !== BEGUN) remember(BEGUN);
            return { pending: `installing; it runs ${version}` };
          }
          if (version === vCenter.to) return { done: { version } };
          if (compareVersions(version, vCenter.from) !== 0)
            throw refuse(
              'VTA_VCENTER_UPDATE_FAILED',
              `${vCenter.name} runs ${version}, which is neither the version that was planned from (${vCenter.from}) nor the target ${vCenter.to}: somebody else updated it. Abort and start a new run.`,
            );
          if (installing || remembered === BEGUN || installEndedSince(updater, notBefore)) {
            if (!idle.tooLong()) return { pending: 'the installation has begun' };
            throw refuse(
              'VTA_VCENTER_UPDATE_FAILED',
              `The installation of ${vCenter.to} on ${vCenter.name} ended or was undone, and it still runs ${version}. The updater says ${whatItSays(updater)}. It is not begun again by itself. Find out why in its management interface, then decide "retry" to install again, or "abort".`,
            );
          }
          // A worker died when it was about to ask for the installation. An updater that stays idle, has the version
          // staged and tells of no installation that ended was never asked.
          if (remembered === ABOUT && !idle.tooLong()) return { pending: 'the installation may have begun' };
          if (isPast(beginBy, site)) return { done: 'not begun' };
          if (updater.state === 'STAGE_IN_PROGRESS') return { pending: 'it is being staged' };
          if ((await stagedVersion(site, input)) !== vCenter.to)
            throw refuse(
              'VTA_VCENTER_UPDATE_FAILED',
              `${vCenter.to} was staged on ${vCenter.name} and is not any more: somebody removed it. Nothing was installed; it runs ${version}. Decide "retry" to stage it again.`,
            );
          if (late) return { pending: TOO_LATE };
          const given = await precheck(site, input);
          await validate(site, input, given);
          const install = () => update.install(vCenter.to, given, options);
          await noted(remember, options, () => refusedOnce(install, 'install'));
          return { pending: 'the installation has begun' };
        }),
      });
    },
  };
}

/** What the heartbeat remembers before a request is sent, since this worker may die in the middle of it; and after it. */
const ABOUT = 'about to begin';
const BEGUN = 'begun';

/** Notes that something is about to begin and that it has; forgets it when it is sure that it was not begun. */
async function noted(
  remember: (details: unknown) => void,
  { signal }: CallOptions,
  begin: () => Promise<unknown>,
): Promise<void> {
  remember(ABOUT);
  try {
    await begin();
  } catch (error) {
    // A fault without a type may come from a proxy whose request has gone on.
    const fault = error instanceof ApiFault && error.errorType !== undefined;
    if (error instanceof NotSent || (fault && remedyOf(error) !== 'outcome-unknown')) remember(null);
    else if (signal?.aborted !== true) remember(BEGUN); // a worker that was stopped knows no more than one that died
    throw error;
  }
  remember(BEGUN);
}

/** How long an updater has been idle, look after look: one that saw something else, or nothing, begins it anew. */
function idleTime(pollMs: number) {
  let before: number | undefined;
  let since: number | undefined;
  return {
    /** A look begins. */
    look: () => {
      before = since;
      since = undefined;
    },
    /** This look found it idle. */
    tooLong: () => {
      since = before ?? performance.now();
      return performance.now() - since > IDLE_LOOKS * pollMs;
    },
  };
}

async function stagedVersion(site: Site, { vCenter, pace }: VCenterStepInput): Promise<string | undefined> {
  const { update } = await site.connections.vCenter(vCenter.name);
  try {
    const staged = await update.staged(callOptions(pace));
    return staged.staging_complete ? staged.version : undefined;
  } catch (error) {
    if (error instanceof ApiFault && error.errorType === 'NOT_ALLOWED_IN_CURRENT_STATE') return undefined;
    if (error instanceof ApiFault && remedyOf(error) === 'gone') return undefined;
    throw error;
  }
}
