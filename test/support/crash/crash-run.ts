import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runWorkflowId } from '../../../src/model/ids';
import type { Report } from '../../../src/model/report';
import type { upgradeTrustAuthority } from '../../../src/workflows';
import { loadScenario } from '../../../simulator/scenarios/load-scenario';
import { startSimulator, type Simulator } from '../../../simulator/simulator';
import { bringsBack } from '../failed-host';
import { judgeOrder } from '../judge-order';
import { built } from '../parts-built';
import { crashSite, CRASH_SITE } from './crash-site';
import { FAILED_HOST_SITES, type FailedHostRole } from './failed-host-site';
import { finalWorld } from './final-world';
import type { KillPoint } from './kill-points';
import type { JournalLine, KillingWorkerInput } from './killing-worker';
import { PatientClient } from './patient-client';
import { readAudit } from './read-audit';
import { compiledProgram, WorkerKeeper } from './worker-process';

export interface CrashRunOptions {
  address: string;
  workflowBundle: string;
  /** Points at which workers kill themselves. */
  kills?: KillPoint[];
  /** See the worker. */
  firstAttempts?: boolean;
  graceMs?: number;
  /** `vta-upgrade worker`, as an operator runs it, in place of a worker that can kill itself; it keeps no journal. */
  asInstalled?: boolean;
  /** A host of this kind fails after its remediation, is brought back and upgraded again. */
  failedHost?: FailedHostRole;
  /** Replaces parts of the site. */
  durations?: Record<string, number>;
  /** Called when everything runs and the upgrade was started; what it does must end by itself or with the run. */
  disturb?: (parts: CrashParts) => void | Promise<void>;
}

/** What a disturbance may lay hands on. */
export interface CrashParts {
  simulator: Simulator;
  workers: WorkerKeeper;
  people: PatientClient;
  workflowId: string;
}

/** Generous: a run takes 20 s, each kill 5 s, and a machine may have other things to do. */
const DEADLINE_MS = 240_000;

/** Who sends the messages of a disturbance: what this person says is not compared, only looked for. */
export const DISTURBER = 'bob';

/** All that is compared with the undisturbed run, and what happened on the way. */
export interface CrashOutcome {
  world: Record<string, unknown>;
  /** Of the report, without times and digests. */
  report: Pick<Report, 'outcome' | 'items'> & { baseImages: string[]; restored: Report['restored'] };
  /**
   * What the audit says, in order. Without the messages of a disturbance, and without warnings: what waited for a dead
   * worker may say that it took longer than expected.
   */
  audited: string[];
  /** Broken rules of order and pace; damage to the audit; what was acknowledged and is not in the audit. */
  wrong: string[];
  journal: JournalLine[];
  /** Messages of people that were acknowledged. */
  acknowledged: number;
  /** Exit codes of the workers that ended before the run did; null: by a signal. */
  exits: (number | null)[];
  milliseconds: number;
}

/** One whole upgrade of the crash site, with workers in processes of their own that are started again when they die. */
export async function crashRun(options: CrashRunOptions): Promise<CrashOutcome> {
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-crash-'));
  const infrastructure = `crash-${randomUUID().slice(0, 8)}`;
  const failed = options.failedHost === undefined ? undefined : FAILED_HOST_SITES[options.failedHost];
  const scenario = failed?.scenario() ?? crashSite(options.durations);
  const simulator = await startSimulator({ scenario: { ...loadScenario(scenario), infrastructure } });
  const { infrastructureFile, requestFile } = simulator.ready;
  const input: KillingWorkerInput = {
    address: options.address,
    taskQueue: infrastructure,
    configFile: infrastructureFile,
    workflowBundle: options.workflowBundle,
    journal: join(directory, 'journal.jsonl'),
    kills: options.kills ?? [],
    firstAttempts: options.firstAttempts ?? false,
    graceMs: options.graceMs ?? 2_000,
  };
  const command = options.asInstalled
    ? [await built('src/cli/main'), 'worker', '--config', infrastructureFile, '--task-queue', infrastructure]
    : [await compiledProgram('test/support/crash/killing-worker'), JSON.stringify(input)];
  const env = { ...process.env, TEMPORAL_ADDRESS: options.address };
  const workers = new WorkerKeeper(command, join(directory, 'worker.log'), env);
  const people = await PatientClient.connect(options.address);
  if (failed !== undefined) {
    const { world } = simulator;
    const { host } = failed.fault;
    world.faults.add(failed.fault);
    people.decide = bringsBack(host, async () => void (await failed.atConsole(world, world.host(host))));
  }
  try {
    const began = Date.now();
    const workflowId = runWorkflowId(infrastructure);
    const run = await people.client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
      workflowId,
      taskQueue: infrastructure,
      args: [{ ...(JSON.parse(readFileSync(requestFile, 'utf8')) as Record<string, unknown>), ...failed?.request }],
    });
    const disturbance = options.disturb?.({ simulator, workers, people, workflowId });
    const handle = people.client.workflow.getHandle<typeof upgradeTrustAuthority>(workflowId, run.firstExecutionRunId);
    const report = await people.accompany(handle, DEADLINE_MS);
    await disturbance;
    const milliseconds = Date.now() - began;
    const archive = join(dirname(infrastructureFile), 'archive');
    const { lines, broken } = readAudit(archive);
    const lost = people.acknowledged.filter(
      (one) =>
        lines.filter((line) => line.by === one.by && line.what === one.what && line.why === one.why).length !== 1,
    );
    return {
      world: finalWorld(simulator.world),
      report: {
        outcome: report.outcome,
        items: report.items.map((item) => ({
          ...item,
          detail: item.detail?.replace(/job \S+, ended \S+/, 'a job') ?? '',
        })),
        baseImages: report.baseImages.map(({ version, from, approvedBy }) => `${version} ${from} ${approvedBy.join()}`),
        restored: report.restored,
      },
      audited: lines
        .filter(({ by, what }) => what !== 'warning' && by !== DISTURBER)
        .map(({ by, what, on }) => `${by}: ${what} ${withoutDigest(on)}`),
      wrong: [
        ...judgeOrder(simulator.world.events.all(), failed?.site ?? CRASH_SITE),
        ...broken.map((what) => `audit: ${what}`),
        ...lost.map(({ what, on, why }) => `acknowledged, but not there once: ${what} ${on} (${why})`),
      ],
      journal: existsSync(input.journal) ? readJournal(input.journal) : [],
      acknowledged: people.acknowledged.length,
      exits: [...workers.exits],
      milliseconds,
    };
  } catch (error) {
    const journal = existsSync(input.journal) ? readJournal(input.journal).slice(-8) : [];
    const seen = journal.map((line) => JSON.stringify(line)).join('\n');
    throw new Error(`${String(error)}\nexecutions:\n${seen}\nworkers:\n${workers.log()}`, { cause: error });
  } finally {
    await workers.stop();
    await people.close();
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function readJournal(path: string): JournalLine[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

/** The digest of an exported image differs from site to site. */
function withoutDigest(on: string): string {
  return on.replace(/sha256:[0-9a-f]+/, 'sha256:…');
}
