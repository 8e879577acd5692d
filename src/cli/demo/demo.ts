import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { OpenGate } from '../../model/progress';
import type { Report } from '../../model/report';
import { esxiOf } from '../../planner/versions';
import { approveUpdate, progressQuery, rejectUpdate } from '../../workflows/message-definitions';
import type { Answer } from '../command';
import { CliFailure } from '../cli-failure';
import { EXIT } from '../exit-codes';
import { Interrupted, unlessInterrupted } from '../interruption';
import type { Io } from '../io';
import { ofReport, resultOf } from '../look-at-run';
import { plan } from '../commands/plan';
import { start } from '../commands/start';
import { renderGate } from '../render/gate';
import { liveScreen } from '../render/live-screen';
import { progressNews, renderProgress } from '../render/progress';
import { shellLine } from '../shell-words';
import { runOf, type RunHandle } from '../temporal/run-access';
import { sendMessage, updateIdOf } from '../temporal/send-message';
import { withTemporal, type Temporal } from '../temporal/with-temporal';
import { APPROVER } from './approver';
import { decideForDemo } from './decide-for-demo';
import { startParts, type Parts } from './parts';
import { readSite, type SeenSite } from './read-site';
import { verifySite, type Goal, type Verdict } from './verify-site';

export interface DemoOptions {
  /** Approve everything; so does a demo without a terminal. */
  yes: boolean;
  /** Leave everything running afterwards, until Ctrl-C. */
  keep: boolean;
  scenario: string;
  /** Takes logs and the files of the simulated site; not given: a new temporary directory. */
  directory?: string | undefined;
  output: 'text' | 'json';
  io: Io;
}

const LOOK_MS = 300;

/**
 * Shows an upgrade from the plan to the last host: a real Temporal server, a real worker, a simulated infrastructure over
 * TLS. Ends well only if the vCenters, read afresh by a session of its own, are as the request wants them.
 */
export async function runDemo(options: DemoOptions): Promise<Answer> {
  const { io } = options;
  const directory = resolve(options.directory ?? mkdtempSync(join(tmpdir(), 'vta-upgrade-demo-')));
  io.note(
    `Starting a Temporal dev server, a simulated vSphere Trust Authority infrastructure ("${options.scenario}") and a worker.\n`,
  );
  const interrupted = io.interrupted(); // before anything is started that would have to be stopped
  interrupted.addEventListener('abort', () => io.note(`\n${ENDING}\n`), { once: true });
  try {
    return await withParts(options, directory, interrupted);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { exitCode: EXIT.interrupted };
  } finally {
    if (interrupted.aborted) io.note(`All parts of the demo have ended. Their files and logs are in ${directory}\n`);
  }
}

const ENDING = 'Interrupted: ending the worker, the simulated infrastructure and the Temporal server, in this order.';

async function withParts(options: DemoOptions, directory: string, interrupted: AbortSignal): Promise<Answer> {
  const { io } = options;
  const parts = await startParts(io, directory, options.scenario, interrupted);
  try {
    io.note(`${addresses(parts, directory)}\n\n`);
    const demoIo = silencedBy(interrupted, { ...io, env: parts.env });
    const work = withTemporal(demoIo, (temporal) => upgrade({ ...options, io: demoIo }, parts, temporal));
    const upgrading = unlessInterrupted(interrupted, work);
    if (!options.keep) return await upgrading;
    return await keptRunning(io, parts, upgrading);
  } finally {
    await parts.close();
  }
}

/** What is left alone by an interruption goes on for a moment, but tells nobody. */
function silencedBy(interrupted: AbortSignal, io: Io): Io {
  const unlessAborted = (tell: (text: string) => void) => (text: string) => {
    if (!interrupted.aborted) tell(text);
  };
  return { ...io, answer: unlessAborted(io.answer), note: unlessAborted(io.note) };
}

/** With `--keep` a verdict, or a step that failed, is shown first; all goes on until Ctrl-C, so that it can be decided about. */
async function keptRunning(io: Io, parts: Parts, upgrading: Promise<Answer>): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await upgrading;
    io.answer(`${answer.text ?? ''}\n`);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    io.note(error.toText());
    answer = { exitCode: error.exitCode, json: error.toJson() };
  }
  await keepRunning(io, parts);
  return { ...answer, text: '' };
}

async function upgrade(options: DemoOptions, parts: Parts, temporal: Temporal): Promise<Answer> {
  const { io } = options;
  const { ready } = parts;
  const request = JSON.parse(readFileSync(ready.requestFile, 'utf8')) as Request;
  const before = await readSite(ready);
  const given = { arguments: {}, output: 'text', io } as const;
  await workerIsThere(temporal, parts);
  const planned = await plan.run({ ...given, options: { request: ready.requestFile } });
  io.answer(`$ vta-upgrade plan --request ${ready.requestFile}\n${planned.text ?? ''}\n\n`);
  if (planned.exitCode !== EXIT.done) return planned;

  const started = await start.run({ ...given, options: { request: ready.requestFile, detach: true } });
  io.answer(`$ vta-upgrade start --request ${ready.requestFile}\n${started.text ?? ''}\n\n`);
  const run = runOf(temporal, ready.infrastructure);
  const report = await accompany(options, temporal, run, parts);
  const ended = ofReport(report);
  io.answer(`${ended.text ?? ''}\n\n`);
  if (ended.exitCode !== EXIT.done) return { ...ended, text: '' };
  return judge(goalOf(request), before, await readSite(ready), report);
}

interface Request {
  infrastructure: string;
  target: { vCenter?: string; esxi?: { baseImage?: string } };
}

function goalOf({ target }: Request): Goal {
  return { vCenter: target.vCenter ?? '', esxiBuild: esxiOf(target.esxi?.baseImage ?? '')?.build ?? '' };
}

/** A worker needs some seconds to bundle its workflows; without it the plan would only wait. */
async function workerIsThere({ client }: Temporal, parts: Parts): Promise<void> {
  const until = Date.now() + 60_000;
  while (!readFileSync(parts.workerLog, 'utf8').includes('worker started')) {
    if (Date.now() > until)
      throw new CliFailure({
        code: 'VTA_WORKER_SILENT',
        message: 'The worker of the demo did not come up.',
        state: readFileSync(parts.workerLog, 'utf8').trimEnd().split('\n').slice(-10),
      });
    await pause();
  }
  await client.workflowService.getSystemInfo({});
}

/** Shows the run until it ends, and has every gate answered. */
async function accompany(options: DemoOptions, temporal: Temporal, run: RunHandle, parts: Parts): Promise<Report> {
  const { io } = options;
  const { infrastructure } = parts.ready;
  const terminal = io.screen() !== undefined;
  const screen = liveScreen(io);
  let before: Parameters<typeof progressNews>[0];
  let report: Report | undefined;
  let failure: unknown;
  const result = resultOf(temporal, infrastructure).then(
    (ended) => void (report = ended),
    (error: unknown) => void (failure = error ?? new Error('the run failed')),
  );
  while (report === undefined && failure === undefined) {
    const progress = await run.query(progressQuery);
    if (terminal) screen.draw(renderProgress({ ...progress, gates: [] }));
    else for (const line of progressNews(before, { ...progress, gates: [] })) io.answer(`${line}\n`);
    before = { ...progress, gates: [] };
    for (const gate of progress.gates) {
      screen.clear();
      if (gate.step === undefined) await answerGate(options, temporal, infrastructure, gate);
      else await decideForDemo(options.io, temporal, parts, gate);
    }
    await Promise.race([result, pause()]);
  }
  screen.clear();
  if (report === undefined) throw failure;
  return report;
}

/** On a terminal a person is asked; else the demo approves and shows the command that an operator would have typed. */
async function answerGate(
  options: DemoOptions,
  temporal: Temporal,
  infrastructure: string,
  gate: OpenGate,
): Promise<void> {
  const { io, yes } = options;
  io.answer(`\n${renderGate(infrastructure, gate).join('\n')}\n`);
  const approved = yes || !io.canAsk || (await askYesOrNo(io, 'Approve? "no" rejects it. [yes/no] '));
  const message = { gate: gate.id, digest: gate.digest ?? '', by: APPROVER, reason: 'demo' };
  const [name, update] = approved ? (['approve', approveUpdate] as const) : (['reject', rejectUpdate] as const);
  const words = ['vta-upgrade', name, infrastructure, '--gate', gate.id, '--digest', message.digest, '--by', APPROVER];
  io.answer(`$ ${shellLine(words)}\n`);
  const id = updateIdOf(name, gate.id, message.digest, APPROVER);
  try {
    io.answer(`${await sendMessage(temporal, infrastructure, update, message, id)}\n\n`);
  } catch (error) {
    // Somebody answered it in another terminal, which is what this demo invites to.
    if (!(error instanceof CliFailure) || error.facts.code !== 'VTA_GATE_NOT_OPEN') throw error;
    io.answer(`${error.facts.message}\n\n`);
  }
}

/** Asks until it is one or the other: an empty line is no answer. */
async function askYesOrNo(io: Io, question: string): Promise<boolean> {
  for (;;) {
    const said = (await io.ask(question)).trim();
    if (/^y(es)?$/i.test(said)) return true;
    if (/^no?$/i.test(said)) return false;
  }
}

function judge(goal: Goal, before: SeenSite, after: SeenSite, report: Report): Answer {
  const verdicts = verifySite(goal, before, after);
  const bad = verdicts.filter(({ good }) => !good);
  const conclusion =
    bad.length === 0
      ? `Verified: ${verdicts.length} of ${verdicts.length} checks passed. The infrastructure is upgraded.`
      : `NOT as it should be: ${bad.length} of ${verdicts.length} checks failed.`;
  const text = [
    'Read afresh from the vCenters, with a session of its own:',
    ...verdicts.map(renderVerdict),
    '',
    conclusion,
  ].join('\n');
  return { exitCode: bad.length === 0 ? EXIT.done : EXIT.failed, json: { report, verdicts }, text };
}

function renderVerdict({ what, seen, good }: Verdict): string {
  return `  ${good ? '✔' : '✖'} ${what}: ${seen}`;
}

function addresses({ server, ready }: Parts, directory: string): string {
  return [
    `  Temporal UI      ${server.uiAddress ?? ''}`,
    `  Temporal server  ${server.address}`,
    `  vCenters         ${[ready.trustAuthority.vCenter, ...ready.trusted.map(({ vCenter }) => vCenter)].join('  ')}`,
    `  simulator        ${ready.control}/world`,
    `  files and logs   ${directory}`,
  ].join('\n');
}

async function keepRunning(io: Io, { server, ready, env }: Parts): Promise<void> {
  io.note(
    [
      '',
      'Everything is left running until Ctrl-C. To try:',
      `  export TEMPORAL_ADDRESS=${env.TEMPORAL_ADDRESS ?? server.address}`,
      `  vta-upgrade status ${ready.infrastructure}`,
      `  vta-upgrade plan --request ${ready.requestFile}`,
      `  temporal workflow list --address ${server.address}`,
      `  curl ${ready.control}/world`,
      '',
    ].join('\n'),
  );
  const interrupted = io.interrupted();
  if (!interrupted.aborted)
    await new Promise<void>((resolve) => interrupted.addEventListener('abort', () => resolve(), { once: true }));
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
