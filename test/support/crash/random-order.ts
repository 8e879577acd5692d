import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { runWorkflowId } from '../../../src/model/ids';
import type { Report } from '../../../src/model/report';
import type { upgradeTrustAuthority } from '../../../src/workflows';
import { loadScenario } from '../../../simulator/scenarios/load-scenario';
import { startSimulator } from '../../../simulator/simulator';
import { dice, type Dice } from '../dice';
import { judgeAudit, judgeHosts } from './judge-end';
import { describeKillPoint, type KillPoint } from './kill-points';
import type { KillingWorkerInput } from './killing-worker';
import { PatientClient } from './patient-client';
import { randomFaults } from './random-faults';
import { letHappen, randomHappenings } from './random-happenings';
import { RandomPeople, RunIsStuck } from './random-people';
import { randomSite } from './random-site';
import { readAudit, type AuditFileLine } from './read-audit';
import { watchRules } from './watch-rules';
import { compiledProgram, WorkerKeeper } from './worker-process';

/** What came of one order. */
export interface RandomOrder {
  seed: number;
  /** `completed`, `aborted by a decision`, `aborted by giving up`, …, or the code of the error that the run ended with. */
  end: string;
  /** Kinds of faults that struck, what else happened to the site, and how it and its request differ from the smallest. */
  faults: string[];
  differs: string[];
  /** Steps that went wrong in a mended world too. */
  gaveUpOn: string[];
  /** How many base images were removed, and what the report says of it. */
  removed: number;
  removal: string | undefined;
  kills: number;
  told: string[];
  /** Broken rules, with all that is known about the order. */
  wrong: string[];
  milliseconds: number;
}

/** Far beyond what any order takes: one that stands still is found by its progress long before. */
const DEADLINE_MS = 900_000;

/** Where an order runs. */
export interface OrderParts {
  address: string;
  workflowBundle: string;
  /** After so many looks at the run people mend the world and have it go on. */
  patience: number;
}

/**
 * One upgrade of the smallest site, with faults, kills of the worker and decisions of people all drawn by a seed. Whatever
 * happens: the rules of order hold, the report is true, the audit explains the world.
 */
export async function randomOrder(
  seed: number,
  { address, workflowBundle, patience }: OrderParts,
): Promise<RandomOrder> {
  const chosen = dice(seed);
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-order-'));
  const infrastructure = `order-${seed}-${randomUUID().slice(0, 8)}`;
  const { scenario, request, differs } = randomSite(dice(seed ^ 0x517e));
  const simulator = await startSimulator({ scenario: { ...loadScenario(scenario), infrastructure } });
  const { world } = simulator;
  const { infrastructureFile, requestFile } = simulator.ready;
  const faults = randomFaults(chosen);
  const kills = randomKills(chosen);
  const happenings = randomHappenings(dice(seed ^ 0xa11ce));
  const input: KillingWorkerInput = {
    address,
    taskQueue: infrastructure,
    configFile: infrastructureFile,
    workflowBundle,
    journal: join(directory, 'journal.jsonl'),
    kills,
    graceMs: 2_000,
    // After tasks that the server had given up, runs stood still on a busy machine: docs/limits.md.
    stickyMs: 3_000,
  };
  const command = [await compiledProgram('test/support/crash/killing-worker'), JSON.stringify(input)];
  const workers = new WorkerKeeper(command, join(directory, 'worker.log'), process.env);
  const client = await PatientClient.connect(address);
  const before = world.state.hosts[0]?.runningImage.build ?? '';
  const broken = watchRules(world);
  for (const fault of faults) world.faults.add(fault);
  let removal: string | undefined;
  const happened = letHappen(world, happenings);
  const people = new RandomPeople(client, world, before, seed, patience);
  const began = Date.now();
  try {
    const workflowId = runWorkflowId(infrastructure);
    const started = await client.client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
      workflowId,
      taskQueue: infrastructure,
      args: [{ ...(JSON.parse(readFileSync(requestFile, 'utf8')) as Record<string, unknown>), ...request }],
    });
    const run = client.client.workflow.getHandle<typeof upgradeTrustAuthority>(workflowId, started.firstExecutionRunId);
    await people.accompany(run, DEADLINE_MS);
    const { report, end } = await endOf(() => run.result());
    removal = report?.baseImageRemoval?.outcome;
    const audit = auditOf(join(dirname(infrastructureFile), 'archive'));
    const lost = client.acknowledged.filter(
      (one) =>
        audit.lines.filter(({ by, what, on }) => by === one.by && what === one.what && on === one.on).length === 0,
    );
    const wrong = [
      ...broken,
      ...judgeHosts(world, report, { from: before, to: '24674464' }),
      ...judgeAudit(world.events.all(), audit.lines),
      ...audit.broken.map((what) => `audit: ${what}`),
      ...lost.map(({ what, on }) => `acknowledged, but not in the audit: ${what} ${on}`),
    ];
    return outcome(end === 'aborted' && people.abortedBy ? `aborted by ${people.abortedBy}` : end, wrong);
  } catch (error) {
    const log = existsSync(join(directory, 'worker.log')) ? workers.log() : '';
    return outcome(error instanceof RunIsStuck ? 'stuck' : 'failed', [`${String(error)}\n${log}`]);
  } finally {
    await workers.stop();
    await client.close();
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  }

  function outcome(end: string, wrong: string[]): RandomOrder {
    const struck = world.events
      .all()
      .flatMap(({ what, detail }) => (what === 'fault-fired' ? [String(detail['kind'])] : []));
    const order = [
      `faults: ${JSON.stringify(faults)}`,
      `beside them: ${JSON.stringify(happenings)}`,
      `site and request: ${differs.join(', ')}`,
      `kills: ${kills.map(describeKillPoint).join(', ')} (${workers.exits.length} hit)`,
      `people: ${people.told.join('; ')}`,
    ];
    return {
      seed,
      end,
      faults: [...new Set([...struck, ...happened])],
      differs,
      gaveUpOn: people.gaveUpOn,
      removed: world.events.all().filter(({ what }) => what === 'base-image-removed').length,
      removal,
      kills: workers.exits.length,
      told: people.told,
      wrong: wrong.length === 0 ? [] : [...wrong, ...order],
      milliseconds: Date.now() - began,
    };
  }
}

function randomKills(chosen: Dice): KillPoint[] {
  return Array.from({ length: chosen.below(4) }, () => ({
    execution: 1 + chosen.below(120),
    moment: chosen.pick(['before', 'during', 'after'] as const),
    delayMs: 1 + chosen.below(80),
  }));
}

async function endOf(result: () => Promise<Report>): Promise<{ report?: Report; end: string }> {
  try {
    const report = await result();
    return { report, end: report.outcome };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    return { end: cause instanceof ApplicationFailure ? (cause.type ?? 'failed') : String(cause) };
  }
}

/** A run that was refused before it had a plan writes none. */
function auditOf(archive: string): { lines: AuditFileLine[]; broken: string[] } {
  return existsSync(join(archive, 'audit.jsonl')) ? readAudit(archive) : { lines: [], broken: [] };
}
