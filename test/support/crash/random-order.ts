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
import { crashSite } from './crash-site';
import { judgeAudit, judgeHosts } from './judge-end';
import { describeKillPoint, type KillPoint } from './kill-points';
import type { KillingWorkerInput } from './killing-worker';
import { PatientClient } from './patient-client';
import { randomFaults } from './random-faults';
import { RandomPeople } from './random-people';
import { readAudit, type AuditFileLine } from './read-audit';
import { watchRules } from './watch-rules';
import { compiledProgram, WorkerKeeper } from './worker-process';

/** What came of one order. */
export interface RandomOrder {
  seed: number;
  /** `completed`, `aborted`, …, or the code of the error that the run ended with. */
  end: string;
  /** Kinds of faults that struck, kills that hit, and what people said. */
  faults: string[];
  kills: number;
  told: string[];
  /** Broken rules, with all that is known about the order. */
  wrong: string[];
  milliseconds: number;
}

/** A run that has no end by then hangs: every wait of a run has a deadline, and people are tired long before. */
const DEADLINE_MS = 360_000;

/** Where an order runs, and how long people bear with it. */
export interface OrderParts {
  address: string;
  workflowBundle: string;
  patienceMs: number;
}

/**
 * One upgrade of the smallest site, with faults, kills of the worker and decisions of people all drawn by a seed. Whatever
 * happens: the rules of order hold, the report is true, the audit explains the world.
 */
export async function randomOrder(
  seed: number,
  { address, workflowBundle, patienceMs }: OrderParts,
): Promise<RandomOrder> {
  const chosen = dice(seed);
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-order-'));
  const infrastructure = `order-${seed}-${randomUUID().slice(0, 8)}`;
  const scenario = orderSite(chosen.chance(0.4));
  const simulator = await startSimulator({ scenario: { ...loadScenario(scenario), infrastructure } });
  const { world } = simulator;
  const { infrastructureFile, requestFile } = simulator.ready;
  const faults = randomFaults(chosen);
  const kills = randomKills(chosen);
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
  const people = new RandomPeople(client, world, before, seed, patienceMs);
  const began = Date.now();
  try {
    const workflowId = runWorkflowId(infrastructure);
    const started = await client.client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
      workflowId,
      taskQueue: infrastructure,
      args: [JSON.parse(readFileSync(requestFile, 'utf8'))],
    });
    const run = client.client.workflow.getHandle<typeof upgradeTrustAuthority>(workflowId, started.firstExecutionRunId);
    await people.accompany(run, DEADLINE_MS);
    const { report, end } = await endOf(() => run.result());
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
    return outcome(end, wrong);
  } catch (error) {
    const log = existsSync(join(directory, 'worker.log')) ? workers.log() : '';
    return outcome('failed', [`${String(error)}\n${log}`]);
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
      `kills: ${kills.map(describeKillPoint).join(', ')} (${workers.exits.length} hit)`,
      `people: ${people.told.join('; ')}`,
    ];
    return {
      seed,
      end,
      faults: [...new Set(struck)],
      kills: workers.exits.length,
      told: people.told,
      wrong: wrong.length === 0 ? [] : [...wrong, ...order],
      milliseconds: Date.now() - began,
    };
  }
}

/** The crash site; mostly with vCenters at their target, so that an order is soon at its hosts. */
function orderSite(withVCenters: boolean) {
  const site = crashSite();
  if (withVCenters) return site;
  const upgraded = { version: '8.0.3.00500', build: '24674346', updates: [] };
  return {
    ...site,
    trustAuthority: { ...site.trustAuthority, vCenter: { ...site.trustAuthority.vCenter, ...upgraded } },
    trusted: site.trusted.map((one) => ({ ...one, vCenter: { ...one.vCenter, ...upgraded } })),
  };
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
