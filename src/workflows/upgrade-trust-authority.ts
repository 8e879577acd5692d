import {
  CancellationScope,
  ParentClosePolicy,
  condition,
  allHandlersFinished,
  executeChild,
  workflowInfo,
} from '@temporalio/workflow';
import { runWorkflowId, vCenterWorkflowId } from '../model/ids';
import { PHASE_TITLES, type Phase, type Plan, type PlannedVCenter } from '../model/plan';
import type { Report } from '../model/report';
import type { StandingVerdict } from '../model/standing-approval';
import type { UpgradeVCenterResult } from '../model/work';
import { estimateInstallMs } from '../planner/estimate';
import { abortOnCancel } from './abort-on-cancel';
import { describeFailure, fail, isStepFailure } from './failures';
import { registerHandlers } from './handlers';
import { runHostPhase } from './host-phase';
import { writeWhatWaits } from './ledger-entry';
import { timeForVCenter, type NeededTime } from './needed-time';
import { phaseItems } from './progress';
import { longWork } from './proxies';
import { leavesWork, putLeftoversRight, takeOverLeftovers } from './put-leftovers-right';
import { readPlan, waitForChildren } from './read-plan';
import { Run } from './run';
import { RunEnds } from './waiting';
import { newRunState, recordAudit, type RunState } from './run-state';
import { upgradeReferenceHost } from './reference-host';
import { buildReport } from './report';
import { removeBaseImages } from './remove-base-images';
import { restoreAsSteps, restoreWhatIsLeft } from './restore-policies';
import { whyNotHealthy } from './skip-host';
import { stageVCenters } from './staging';
import type { vtaUpgradeVCenter } from './upgrade-vcenter';
import { beginTiming, endWindowWait, isLate, missedAgain, missOpening, passWindow, windowFact } from './window';

/**
 * The run: upgrades a vSphere Trust Authority infrastructure in four phases, host by host. The one place people talk to.
 * @param request the request of design §5, as JSON; checked in the first activity
 * @param carried state of the same run before it continued as new; refused from anybody else
 * @throws ApplicationFailure VTA_REQUEST_INVALID, VTA_PLAN_REFUSED, VTA_WORKFLOW_ID_WRONG: nothing was changed
 */
export async function upgradeTrustAuthority(request: unknown, carried?: RunState): Promise<Report> {
  const infrastructure = infrastructureOf(request);
  const { workflowId, continuedFromExecutionRunId, firstExecutionRunId } = workflowInfo();
  if (workflowId !== runWorkflowId(infrastructure))
    throw fail(
      'VTA_WORKFLOW_ID_WRONG',
      `A run of "${infrastructure}" must have the workflow id "${runWorkflowId(infrastructure)}", so that there is never more than one; this one has "${workflowId}". Nothing was changed. Start it again with that id.`,
    );
  if (carried !== undefined && continuedFromExecutionRunId === undefined)
    throw fail('VTA_REQUEST_INVALID', 'A run takes one argument, the request. Nothing was changed.');
  const state = carried ?? newRunState(new Date().toISOString(), firstExecutionRunId);
  const run = new Run(request, infrastructure, state);
  registerHandlers(run);
  abortOnCancel(run);
  return await CancellationScope.nonCancellable(async () => {
    const outcome = await upgrade(run);
    state.closing = 'finishing';
    await restoreWhatIsLeft(run);
    const report = await finish(run, outcome);
    await condition(allHandlersFinished);
    return report;
  });
}

function infrastructureOf(request: unknown): string {
  if (typeof request === 'object' && request !== null && 'infrastructure' in request) {
    const { infrastructure } = request;
    if (typeof infrastructure === 'string' && infrastructure !== '') return infrastructure;
  }
  throw fail(
    'VTA_REQUEST_INVALID',
    'The request must be one JSON object that names an infrastructure, for example {"infrastructure": "prod", "target": {"vCenter": "8.0.3.00500"}}. Nothing was changed.',
  );
}

async function upgrade(run: Run): Promise<Report['outcome']> {
  try {
    await makePlan(run);
    for (;;) {
      if (upgradesNothing(run.plan) && !leavesWork(run.plan)) return await onlyRemoveBaseImages(run);
      await approvePlan(run);
      await putLeftoversRight(run);
      if (run.state.planAnew !== true) break;
      run.state.broughtBack = true;
      await run.attempt('plan', () => makePlan(run));
    }
    if (upgradesNothing(run.plan)) {
      await removeBaseImages(run);
      return 'completed';
    }
    await backUp(run);
    for (const phase of run.plan.phases) await runPhase(run, phase);
    if (run.plan.phases.length === 0) await upgradeReferenceHost(run);
    await restoreAsSteps(run);
    await removeBaseImages(run);
    await run.safePoint();
    return 'completed';
  } catch (error) {
    if (!(error instanceof RunEnds)) throw error;
    endWindowWait(run, 'the run was ended while it waited');
    return error.outcome;
  }
}

/** The list of images is approved by itself: there is nothing else in the plan to be asked about. */
async function onlyRemoveBaseImages(run: Run): Promise<Report['outcome']> {
  await removeBaseImages(run);
  const removed = Object.values(run.state.removal?.images ?? {}).includes('removed');
  return removed || run.state.broughtBack === true ? 'completed' : 'nothing to do';
}

function upgradesNothing({ phases, reference }: Plan): boolean {
  return reference === undefined && phases.every((phase) => phaseSize(phase) === 0);
}

/** Inspects and plans; waits for an earlier run's children first, since what they change would make the plan untrue. */
async function makePlan(run: Run): Promise<void> {
  const { state } = run;
  if (state.plan !== undefined && state.planAnew !== true) return;
  for (;;) {
    run.say('Reading the infrastructure and making the plan.');
    const result = await run.unlessAborted(() => readPlan(run.request, state.runId));
    if (result.openChildren.length > 0) {
      run.say(`An earlier run's work is still going on and must end first: ${result.openChildren.join(', ')}.`);
      await run.unlessAborted(() => waitForChildren(run.infrastructure, result.openChildren));
      continue;
    }
    if (result.kind === 'refused')
      throw fail(
        'VTA_PLAN_REFUSED',
        `${state.broughtBack === true ? 'What an earlier run removed is back; nothing else was changed.' : 'Nothing was changed.'} The upgrade is refused: ${result.refusals.map((r) => `[${r.code}] ${r.subject}: ${r.message} ${r.remedy}`).join(' | ')}`,
        result.refusals,
      );
    delete state.planAnew;
    delete state.answers['plan'];
    state.plan = result.plan;
    state.planDigest = result.digest;
    run.audit('planned', 'plan', result.digest);
    await takeOverLeftovers(run);
    return;
  }
}

async function approvePlan(run: Run): Promise<void> {
  if (run.state.answers['plan']?.outcome === 'approved') return;
  const { plan, state } = run;
  if (plan.standingApproval?.notCovered.length === 0) {
    approveByStandingApproval(run, plan.standingApproval);
    return;
  }
  const answer = await run.gate({
    id: 'plan',
    question: `May ${run.infrastructure} be upgraded by this plan?`,
    facts: planFacts(plan),
    digest: state.planDigest ?? '',
  });
  if (answer.outcome === 'rejected') throw new RunEnds('rejected');
}

/** Everything in the plan is covered by what approvers have said beforehand: the gate is not opened. */
function approveByStandingApproval({ state }: Run, { by, reason }: StandingVerdict): void {
  const at = new Date().toISOString();
  const digest = state.planDigest ?? '';
  state.answers['plan'] = { outcome: 'approved', by, reason, at, digest };
  const what = `approved by the standing approval of ${by.join(', ')}`;
  recordAudit(state, at, { by: 'run', what, on: 'plan', why: `${digest}: ${reason}` });
}

function planFacts(plan: Plan): string[] {
  const phases = plan.phases.map((phase) => {
    const items =
      phase.kind === 'vcenters'
        ? phase.vCenters.map((v) => `${v.name} ${v.from} to ${v.to}`)
        : phase.hosts.map((h) => `${h.name} ${h.from.build} to ${h.to.build}`);
    return `phase ${phase.number}, ${PHASE_TITLES[phase.number]}: ${items.length === 0 ? 'nothing to do' : items.join(', ')}`;
  });
  const { impact } = plan;
  return [
    ...phases,
    ...referenceFacts(plan),
    `${impact.runningVmsMoved} running virtual machines are moved; about ${impact.estimatedMinutes} minutes without waiting for people`,
    ...notCoveredFacts(plan),
    ...(plan.recovery.trustedHosts === true
      ? [
          'a Trusted Host that fails may be removed, reverted and added again, when people decide so (recoverTrustedHosts)',
        ]
      : []),
    ...(plan.failureBudget === 0 ? [] : [`failure budget: ${plan.failureBudget} hosts that fail may be left behind`]),
    ...plan.warnings.map((warning) => `warning ${warning.code}: ${warning.subject}: ${warning.message}`),
    ...plan.leftovers.flatMap(({ action, sentence }) => (action === 'settle' ? [`in order by now: ${sentence}`] : [])),
    ...plan.skipped.map((skipped) => `left alone: ${skipped.what}: ${skipped.why}`),
  ];
}

function referenceFacts({ reference }: Plan): string[] {
  if (reference === undefined) return [];
  const { host, upgrade } = reference;
  const how = upgrade ? `${host.from.build} to ${host.to.build}, then` : `runs ${host.to.build} already;`;
  return [`reference host ${host.name}: ${how} its base image is exported, and imported after approval of its digest`];
}

function notCoveredFacts({ standingApproval }: Plan): string[] {
  if (standingApproval === undefined) return [];
  const { by, notCovered } = standingApproval;
  return notCovered.map((what) => `not covered by the standing approval of ${by.join(', ')}: ${what}`);
}

/** The vTA configuration lives on the hosts and in no vCenter backup (R32): without a copy of it nothing is touched. */
async function backUp(run: Run): Promise<void> {
  await run.once('backup', async () => {
    const { plan, state } = run;
    run.say('Backing up the vTA configuration of the Trust Authority Cluster.');
    state.backup = await run
      .longWork(plan.pace.baseImage, 'back up the vTA configuration')
      .vtaEnsureConfigurationBackup({ ...run.ref, runId: state.runId, pace: plan.pace });
    return state.backup.path;
  });
}

function phaseSize(phase: Phase): number {
  return phase.kind === 'vcenters' ? phase.vCenters.length : phase.hosts.length;
}

async function runPhase(run: Run, phase: Phase): Promise<void> {
  if (run.state.steps[`phase:${phase.number}`] !== undefined) return;
  if (phaseSize(phase) === 0) {
    if (phase.number === 4) await upgradeReferenceHost(run);
    return;
  }
  await run.safePoint();
  run.state.phase = phase.number;
  await passPhaseGate(run, phase);
  if (phase.kind === 'vcenters') for (const vCenter of phase.vCenters) await upgradeVCenter(run, phase, vCenter);
  else {
    if (phase.number === 4) await upgradeReferenceHost(run);
    await runHostPhase(run, phase);
  }
  run.state.steps[`phase:${phase.number}`] = { state: 'done' };
  run.audit('done', `phase:${phase.number}`);
}

/** Asked for by the request, or because something earlier was left behind: a skipped host keeps the next phase shut (R8). */
async function passPhaseGate(run: Run, phase: Phase): Promise<void> {
  const earlier = run.plan.phases.slice(0, run.plan.phases.indexOf(phase));
  const left = earlier.flatMap((each) => phaseItems(each, run.state).filter((item) => item.state === 'skipped'));
  if (!run.plan.approve.includes('phase') && left.length === 0) return;
  const id = `phase:${phase.number}`;
  // Once it has begun, what is done in it no longer voids its approval.
  if (run.state.answers[id]?.outcome === 'approved') return;
  const names = left.map(({ name }) => name);
  await requireHealthyLeftBehind(run, phase, names);
  const done = run.plan.phases.flatMap((p) => phaseItems(p, run.state)).filter((item) => item.state === 'done').length;
  const answer = await run.gate({
    id,
    question: `May phase ${phase.number}, ${PHASE_TITLES[phase.number]}, begin?`,
    facts: [
      `${done} vCenters and hosts are done`,
      ...left.map((item) => `left behind: ${item.name}: ${item.detail ?? 'skipped'}`),
      `next: ${phaseItems(phase, run.state)
        .map((item) => item.name)
        .join(', ')}`,
    ],
    digest: `${run.state.planDigest ?? ''}#phase:${phase.number}#done:${done}#left:${left.map((item) => item.name).join(',')}`,
  });
  if (answer.outcome === 'rejected') throw new RunEnds('rejected');
  // People take their time; what was healthy when they were asked may no longer be.
  await requireHealthyLeftBehind(run, phase, names);
}

/** What was left behind must be healthy on its old version, however many people approve (R8). */
async function requireHealthyLeftBehind(run: Run, phase: Phase, names: string[]): Promise<void> {
  const hosts = run.plan.phases.flatMap((each) => (each.kind === 'hosts' ? each.hosts : []));
  await run.attempt(`phase:${phase.number}`, async () => {
    const troubles: string[] = [];
    for (const host of hosts.filter(({ name }) => names.includes(name))) {
      const trouble = await whyNotHealthy(run, host);
      if (trouble !== undefined) troubles.push(trouble);
    }
    if (troubles.length === 0) return;
    throw fail(
      'VTA_HOST_UNHEALTHY',
      `Phase ${phase.number} stays shut: a host that was left behind must be healthy on its old version. ${troubles.join(' | ')}. Mend it, then decide "retry".`,
    );
  });
}

type VCenterPhase = Extract<Phase, { kind: 'vcenters' }>;

async function upgradeVCenter(run: Run, { number, vCenters }: VCenterPhase, vCenter: PlannedVCenter): Promise<void> {
  const step = `vcenter:${vCenter.name}`;
  const start = async (installBy?: number) => {
    run.say(`Phase ${number}, ${PHASE_TITLES[number]}: ${vCenter.name}.`);
    if (!run.state.begun.includes(vCenter.name)) run.state.begun.push(vCenter.name);
    return await executeChild<typeof vtaUpgradeVCenter>('vtaUpgradeVCenter', {
      workflowId: vCenterWorkflowId(run.infrastructure, vCenter.name),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${vCenter.name}: ${vCenter.from} to ${vCenter.to}`,
      args: [{ ...run.ref, vCenter, pace: run.plan.pace, ...(installBy === undefined ? {} : { installBy }) }],
    });
  };
  if (run.plan.window === undefined) return await run.once(step, async () => vCenterDone(vCenter, await start()));
  const needed = timeForVCenter(run, vCenter);
  const stage = async (until: number) => {
    await stageVCenters(run, vCenters, until);
  };
  const mayBegin = () => passWindow(run, { step, needed, stage });
  const work = async (attempt: number) => {
    // What a person decides again is begun at once, inside of the window or not.
    if (attempt > 1) return vCenterDone(vCenter, await start());
    for (;;) {
      if (isLate(run, step)) {
        while (!(await mayBegin()));
        beginTiming(run, step);
      }
      const result = await start(installBy(run, step, needed));
      if (!('outcome' in result)) return vCenterDone(vCenter, result);
      if (missOpening(run, step) > 1) {
        const { name, to } = vCenter;
        throw missedAgain(
          `the installation of ${to} on ${name} had ended`,
          'it (the backup and the staging)',
          'Nothing was installed.',
        );
      }
    }
  };
  await run.once(step, work, { mayBegin, fact: () => windowFact(run, step) });
}

/** When the installation must have begun, so that it ends inside of the window: the backup before it changes nothing. */
function installBy(run: Run, step: string, { ms, usualMs }: NeededTime): number | undefined {
  const { beginBy, plan } = run.state;
  if (beginBy?.step !== step || beginBy.closesAt === undefined || plan === undefined) return undefined;
  const part = estimateInstallMs(plan.pace, plan.soakMs) / usualMs;
  return beginBy.closesAt - Math.ceil(ms * part);
}

function vCenterDone({ name }: PlannedVCenter, result: UpgradeVCenterResult): string {
  if ('outcome' in result) throw fail('VTA_OUTCOME_UNKNOWN', `${name} was not installed in time.`);
  return `${result.version}; backup ${result.backup}`;
}

/** It may be no outage: where backup and staging leave too little of every opening, people have to know. */
async function finish(run: Run, outcome: Report['outcome']): Promise<Report> {
  const { state } = run;
  run.audit(outcome, 'run', state.abort === undefined ? undefined : `${state.abort.by}: ${state.abort.reason}`);
  const report = buildReport(run.infrastructure, state, outcome, new Date().toISOString());
  run.say(report.summary);
  if (state.plan !== undefined) {
    await writeWhatWaits(run, { runId: state.runId, outcome, at: report.endedAt });
    await run.writeAudit(false);
    if (state.audit.head !== undefined) {
      const { head, next, pending } = state.audit;
      report.audit = { head, lines: next - 1 - pending.length };
    }
    const { pace } = state.plan;
    try {
      await longWork(pace, pace.services, 'report').vtaEnsureReport({ ...run.ref, runId: state.runId, report });
    } catch (error) {
      if (!isStepFailure(error)) throw error;
      report.summary += ` The report could not be written to the archive: ${describeFailure(error).message}`;
    }
  }
  state.closing = 'ended';
  run.say(report.summary);
  return report;
}
