import { CancellationScope, ParentClosePolicy, executeChild } from '@temporalio/workflow';
import { hostWorkflowId } from '../model/ids';
import { PHASE_TITLES, type Phase, type PlannedCluster, type PlannedHost } from '../model/plan';
import { importApprovedFile, importFromCanary, importFromReferenceHost, imageState } from './base-image-steps';
import { fail } from './failures';
import { passHolds } from './holds';
import { passHostGate } from './host-gate';
import { describeUnread, withLastKnown } from './last-known';
import { recordBootLater, recordMaintenanceMode, settleMaintenanceMode } from './ledger-entry';
import { timeForHost } from './needed-time';
import {
  atCluster,
  clusterStep,
  ensureDesiredImage,
  inCluster,
  keepsQuickBoot,
  prepareCluster,
  quickBootOff,
} from './prepare-cluster';
import { reads } from './proxies';
import { recoverHost } from './recover-host';
import { rememberingAttestation } from './recover-trusted-host';
import { describeRecovery } from './recovery-words';
import type { Run, Skip, Ways } from './run';
import { RunEnds } from './waiting';
import { closeHost, skipHost } from './skip-host';
import { stageHosts } from './staging';
import type { UpgradeHostResult } from '../model/work';
import type { vtaUpgradeHost } from './upgrade-host';
import { beginTiming, isLate, missedAgain, missOpening, passWindow, windowFact } from './window';

type HostPhase = Extract<Phase, { kind: 'hosts' }>;

/** Hosts that go one by one: those of a phase, or the reference host. */
interface HostsInWork {
  number: HostPhase['number'] | 'reference';
  hosts: PlannedHost[];
}

/** Phases 2 and 4: the clusters are made ready, then their hosts go one by one (R10), then the whole is judged (R8). */
export async function runHostPhase(run: Run, phase: HostPhase): Promise<void> {
  const clusters = run.plan.clusters.filter((cluster) => phase.hosts.some((host) => inCluster(host, cluster)));
  for (const cluster of clusters) await prepareCluster(run, cluster);
  if (phase.number === 4) {
    for (const cluster of clusters) {
      const first = phase.hosts.find((host) => inCluster(host, cluster));
      if (first === undefined) continue;
      await importApprovedFile(run, first.imageKey);
      await importFromReferenceHost(run, cluster, first.imageKey);
    }
  }
  for (const host of phase.hosts) await upgradeHost(run, phase, host);
  for (const cluster of clusters) await judgeCluster(run, phase, cluster);
}

function describeWork({ number }: HostsInWork): string {
  return number === 'reference' ? 'reference host' : `phase ${number}, ${PHASE_TITLES[number]}`;
}

/** One host, as its step: tried until it is done, or people leave it out. */
export async function upgradeHost(run: Run, phase: HostsInWork, host: PlannedHost): Promise<void> {
  const cluster = run.plan.clusters.find((candidate) => inCluster(host, candidate));
  if (cluster === undefined) throw fail('VTA_PLAN_REFUSED', `The plan has no cluster for ${host.name}.`);
  const { steps, attempts, failed } = run.state;
  const step = `host:${host.name}`;
  if (steps[step] !== undefined) return;
  await run.safePoint();
  const skip = host.role === 'reference' ? neverSkipped(host) : skipHost(run, host, following(run, phase, host));
  const recover = host.role === 'reference' ? {} : { recover: recoverHost(run, host, cluster) };
  if (run.plan.approve.includes('host') && !(await passHostGate(run, describeWork(phase), host, skip))) return;
  await passHolds(run, host);
  try {
    const work = (attempt: number) => bringToTarget(run, phase, host, cluster, attempt);
    await run.once(step, (attempt) => rememberingAttestation(run, host, () => work(attempt)), {
      skip,
      withinBudget: true,
      ...recover,
      ...windowed(run, phase, host),
    });
  } catch (error) {
    if (error instanceof RunEnds && attempts[step] !== undefined) {
      const end = describeRecovery(run, host) ?? (await closeHost(run, host));
      failed[step] = `${failed[step] ?? ''} ${end}`.trim();
    }
    throw error;
  }
}

/** Without it there is no base image for what follows (R4), and nothing else in a run of its own. */
function neverSkipped({ name }: PlannedHost): Skip {
  const refusal = `the base image comes from ${name}; "abort", and start a run with another source`;
  return {
    refusal: () => Promise.resolve(refusal),
    leave: () => Promise.reject(fail('VTA_ACTION_NOT_OFFERED', refusal)),
  };
}

/** What holds a host until its maintenance window, where the plan has one. */
function windowed(run: Run, phase: HostsInWork, host: PlannedHost): Pick<Ways, 'mayBegin' | 'fact'> {
  if (run.plan.window === undefined) return {};
  const step = `host:${host.name}`;
  const needed = timeForHost(run, host);
  const stage = async (until: number) => {
    for (const cluster of run.plan.clusters) {
      const hosts = phase.hosts.filter(
        (one) => inCluster(one, cluster) && run.state.steps[`host:${one.name}`] === undefined,
      );
      await stageHosts(run, clusterStep(run, 'image', cluster), cluster, hosts, until);
    }
  };
  return {
    mayBegin: async () => {
      if (await passWindow(run, { step, needed, stage })) return true;
      await passHolds(run, host);
      return false;
    },
    fact: () => windowFact(run, step),
  };
}

/** The hosts of a phase that would be begun after this one. */
function following(run: Run, phase: HostsInWork, host: PlannedHost): string[] {
  const later = phase.hosts.slice(phase.hosts.indexOf(host) + 1);
  return later.flatMap(({ name }) => (run.state.steps[`host:${name}`] === undefined ? [name] : []));
}

async function bringToTarget(
  run: Run,
  phase: HostsInWork,
  planned: PlannedHost,
  cluster: PlannedCluster,
  attempt: number,
): Promise<string> {
  const host = run.asAdded(planned);
  const turn = describeWork(phase);
  run.say(`${turn.charAt(0).toUpperCase()}${turn.slice(1)}: ${host.name}.`);
  const image = imageState(run, host.imageKey);
  if (image.waiting !== host.uuid) {
    const known = image.trusted || (run.plan.quickBoot === 'keep' && image.imported !== undefined);
    const result = await beginInWindow(run, phase, { host, planned, cluster, attempt }, known);
    if (result.outcome === 'done') {
      const done = hostDone(run, host, cluster, result);
      await teachAfterQuickBoot(run, host, cluster);
      return done;
    }
    run.audit('image unknown', host.name, 'expected after an upgrade: export, approve, import, look again');
    image.waiting = host.uuid;
  }
  // A run that continued as new while people were asked knows what the host lacks, and goes on from here.
  await importFromCanary(run, host, cluster);
  delete image.waiting;
  return hostDone(run, host, cluster, await startChild(run, host, cluster, true));
}

/** Starts the child of a host that nothing has been done to yet; where the window closes before that, in the next opening. */
async function beginInWindow(
  run: Run,
  phase: HostsInWork,
  {
    host,
    planned,
    cluster,
    attempt,
  }: { host: PlannedHost; planned: PlannedHost; cluster: PlannedCluster; attempt: number },
  imageTrusted: boolean,
): Promise<UpgradeHostResult> {
  const { state } = run;
  const step = `host:${host.name}`;
  await takeBaseline(run, host, cluster, attempt);
  // What a person decides again is begun at once, inside of the window or not.
  const { mayBegin } = attempt === 1 ? windowed(run, phase, planned) : {};
  for (;;) {
    while (mayBegin !== undefined && !state.begun.includes(host.name) && isLate(run, step)) {
      delete state.baselines[host.uuid];
      while (!(await mayBegin()));
      await takeBaseline(run, host, cluster, attempt);
      beginTiming(run, step);
    }
    const beginBy = mayBegin !== undefined && state.beginBy?.step === step ? state.beginBy.at : undefined;
    const result = await startChild(run, host, cluster, imageTrusted, beginBy);
    if (result.outcome !== 'not begun') return result;
    // One that an earlier run left in maintenance mode is still in it.
    if (host.leftInMaintenanceMode === undefined) settleMaintenanceMode(run, host);
    const missed = missOpening(run, step);
    if (missed > 1) {
      delete state.baselines[host.uuid];
      throw missedAgain(`${host.name} was done`, 'its first change', 'It was not begun and runs what it ran.');
    }
  }
}

/**
 * A host that was Quick Booted attests with its old image (R12), so that nobody has missed the new one yet; its next full
 * boot would. So the Trust Authority Cluster learns it now, before the next host with it is begun (R4).
 */
async function teachAfterQuickBoot(run: Run, host: PlannedHost, cluster: PlannedCluster): Promise<void> {
  const image = imageState(run, host.imageKey);
  if (run.plan.quickBoot !== 'keep' || host.role !== 'trusted') return;
  if (image.trusted || image.imported !== undefined) return;
  await importFromCanary(run, host, cluster);
}

function hostDone(run: Run, host: PlannedHost, cluster: PlannedCluster, result: UpgradeHostResult): string {
  if (result.outcome === 'not begun') throw fail('VTA_OUTCOME_UNKNOWN', `${host.name} was not begun in time.`);
  const { outcome, look, notes } = result;
  for (const note of notes) run.warn(`${host.name}: ${note}`);
  if (outcome === 'image unknown')
    throw fail(
      'VTA_NOT_ATTESTED',
      `${host.name} runs build ${look.build} and stays in maintenance mode: it does not attest although its base image was imported.`,
    );
  const bootedFully = isBootedFully(run, host, cluster, result);
  // One that did not boot attests with whatever it booted before: that proves nothing of this image.
  const booted = look.bootTime !== run.state.baselines[host.uuid]?.bootTime;
  if (host.role === 'trusted' && bootedFully && booted) imageState(run, host.imageKey).trusted = true;
  if (host.role === 'trusted') observeBoot(run, host, result, bootedFully);
  settleMaintenanceMode(run, host);
  // Somebody else put it there, before the run or during it: whoever reads the report must not take it to be in service.
  const stays = look.inMaintenanceMode ? '; left in maintenance mode, in which it was found' : '';
  return `${look.version} build ${look.build}${stays}`;
}

/** With Quick Boot kept, only where it is off anyway, before and after: nothing tells how a host booted (R12). */
function isBootedFully(
  { plan, state }: Run,
  host: PlannedHost,
  cluster: PlannedCluster,
  result: UpgradeHostResult,
): boolean {
  if (state.quickBootSeen?.includes(host.uuid) === true) return false;
  if (plan.quickBoot === 'disable') return true;
  return cluster.quickBoot === false && result.outcome === 'done' && result.quickBootOff === true;
}

/** What it may attest with from now on is kept in the ledger, beyond this run (R13). */
function observeBoot(run: Run, host: PlannedHost, result: UpgradeHostResult, bootedFully: boolean): void {
  const baseline = run.state.baselines[host.uuid];
  if (result.outcome !== 'done' || result.quickBootOff === undefined || baseline === undefined) return;
  const { version, build, bootTime } = result.look;
  if (bootTime === undefined) return;
  const { name, uuid, cluster, vCenter } = host;
  recordBootLater(run, {
    subject: { name, uuid, cluster, vCenter },
    at: new Date().toISOString(),
    runId: run.state.runId,
    baseline: {
      version: baseline.version,
      build: baseline.build,
      ...(baseline.bootTime === undefined ? {} : { bootTime: baseline.bootTime }),
    },
    now: { version, build, bootTime },
    bootedFully: bootedFully && result.quickBootOff,
    ...((run.state.attempts[`host:${host.name}`] ?? 1) > 1 ? { severalTries: true as const } : {}),
  });
}

function commitOf(run: Run, cluster: PlannedCluster): string {
  const commit = run.state.commits[run.key(cluster)];
  if (commit === undefined) throw fail('VTA_OUTCOME_UNKNOWN', `No commit of ${cluster.name} was recorded.`);
  return commit;
}

/** What was true before the first change is kept over attempts; drift of the desired image is looked for at each (N10). */
async function takeBaseline(run: Run, host: PlannedHost, cluster: PlannedCluster, attempt: number): Promise<void> {
  try {
    await readBaseline(run, host, cluster, attempt);
  } catch (error) {
    const { begun, baselines } = run.state;
    throw withLastKnown(error, () => describeUnread(host.name, begun.includes(host.name), baselines[host.uuid]));
  }
}

async function readBaseline(run: Run, host: PlannedHost, cluster: PlannedCluster, attempt: number): Promise<void> {
  const { pace } = run.plan;
  // A person who decides "retry" has looked: a commit that leaves the approved specification alone is taken over then.
  if (attempt > 1) {
    await ensureDesiredImage(run, cluster, false);
    if (await quickBootOff(run, cluster)) run.state.quickBootSeen = [...(run.state.quickBootSeen ?? []), host.uuid];
  }
  const commit = commitOf(run, cluster);
  const { drift, ...baseline } = await reads(pace, `${host.name}: baseline`).vtaReadHostBaseline({
    ...run.ref,
    host,
    cluster,
    pace,
    commit,
    ...(run.plan.recovery.trustedHosts === true ? { mayBeReverted: true as const } : {}),
  });
  if (drift !== undefined) throw fail('VTA_DESIRED_IMAGE_DRIFTED', drift);
  // An earlier run put it into maintenance mode: as long as nothing else was changed, it may be let go like one of ours.
  if (host.leftInMaintenanceMode === 'untouched') baseline.inMaintenanceMode = false;
  run.state.baselines[host.uuid] ??= baseline;
}

/**
 * @param imageTrusted proved, or imported just now: not to attest is then a failure, not an unknown image
 * @param beginBy the last moment for the first change, if a window holds it
 */
async function startChild(
  run: Run,
  host: PlannedHost,
  cluster: PlannedCluster,
  imageTrusted: boolean,
  beginBy?: number,
) {
  const { pace, soakMs } = run.plan;
  const siteTaskQueue = run.plan.recovery.taskQueue;
  const commit = commitOf(run, cluster);
  const baseline = run.state.baselines[host.uuid];
  if (baseline === undefined) throw fail('VTA_OUTCOME_UNKNOWN', `No baseline of ${host.name} was recorded.`);
  const image = imageState(run, host.imageKey);
  const importedAfter = image.imported?.before[host.vCenter];
  if (!run.state.begun.includes(host.name)) run.state.begun.push(host.name);
  if (!baseline.inMaintenanceMode) await recordMaintenanceMode(run, host, baseline);
  run.audit('host begun', host.name);
  return await CancellationScope.nonCancellable(() =>
    executeChild<typeof vtaUpgradeHost>('vtaUpgradeHost', {
      workflowId: hostWorkflowId(run.infrastructure, host.name),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${host.name}: ${host.from.build} to ${host.to.build}`,
      args: [
        {
          ...run.ref,
          host,
          cluster,
          pace,
          soakMs,
          baseline,
          imageTrusted,
          commit,
          operationId: `${run.state.runId}:${host.uuid}:${run.state.attempts[`host:${host.name}`] ?? 1}`,
          ...(importedAfter === undefined ? {} : { importedAfter }),
          ...(siteTaskQueue === undefined ? {} : { siteTaskQueue }),
          ...(keepsQuickBoot(run, cluster) ? { quickBoot: 'keep' as const } : {}),
          ...(beginBy === undefined ? {} : { beginBy }),
        },
      ],
    }),
  );
}

async function judgeCluster(run: Run, phase: HostPhase, cluster: PlannedCluster): Promise<void> {
  const { pace } = run.plan;
  const mayBeOut = phase.hosts.filter((host) => {
    const skipped = run.state.steps[`host:${host.name}`]?.state === 'skipped';
    // Approved with the plan. One that somebody put into maintenance mode during the run keeps the next phase shut (R8, R10).
    const leftIn = host.foundInMaintenanceMode && host.leaveMaintenanceMode !== true;
    return inCluster(host, cluster) && (skipped || leftIn);
  });
  await run.once(clusterStep(run, 'cluster', cluster), async () => {
    run.say(`Phase ${phase.number}: waiting until the whole of ${cluster.name} is healthy.`);
    await run.longWork(pace.serviceHealth, `${cluster.name}: healthy?`).vtaWaitClusterHealthy({
      ...atCluster(run, cluster),
      except: mayBeOut.map((host) => host.uuid),
    });
    return undefined;
  });
}
