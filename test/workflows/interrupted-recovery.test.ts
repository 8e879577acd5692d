import { beforeAll, describe, expect, it } from 'vitest';
import { ledgerWorkflowId } from '../../src/model/ids';
import { hostChangeId, type LedgerState } from '../../src/model/ledger';
import type { DigestedPlan } from '../../src/model/plan';
import { finalWorld } from '../support/crash/final-world';
import { bringsBack, edit, operate } from '../support/failed-host';
import { hostsRequest, hostsSite, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, say } from '../support/people';
import { openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

const SITE = () => hostsSite({ trusted: 1 });
const REVERTED = `revert:${TA_1}`;

/** A run whose first host fails and is brought back. */
async function startFailing(lab: Rehearsal): Promise<RunHandle> {
  lab.simulator.world.faults.add({ kind: 'service-broken', host: TA_1, service: 'attestd' });
  return await lab.start(hostsRequest(lab.infrastructure));
}

const atConsole = (lab: Rehearsal) => () => edit(lab, { edit: 'revert-host', host: TA_1 });

/** What was written to the cluster's configuration may be sent once more: it says the same. */
function worldOf({ simulator }: Rehearsal): unknown {
  const { counted, ...world } = finalWorld(simulator.world);
  const kept = Object.entries(counted as Record<string, number>).filter(([what]) => !what.startsWith('trust-'));
  return { ...world, counted: Object.fromEntries(kept) };
}

async function leftoversOf(run: RunHandle): Promise<Record<string, string>> {
  await openGate(run, ({ id }) => id === 'plan');
  const made = await run.query<DigestedPlan | undefined>('plan');
  if (made?.kind !== 'plan') throw new Error('there is no plan');
  return Object.fromEntries(
    made.plan.leftovers.map(({ change, action }) => [change.id.replace(/domain-.*/, ''), action]),
  );
}

/** Resolves in the moment in which something happens to the failed host after it was added again. */
async function afterAddition({ simulator }: Rehearsal, what: string): Promise<void> {
  let added = false;
  await new Promise<void>((resolve) => {
    simulator.world.events.subscribe((event) => {
      if (event.host !== TA_1) return;
      added ||= event.what === 'host-added';
      if (added && event.what === what) resolve();
    });
  });
}

describe.concurrent('a recovery whose run was terminated', { timeout: 240_000 }, () => {
  let undisturbed: unknown;

  beforeAll(async () => {
    await using lab = await startRehearsal(SITE());
    const run = await startFailing(lab);
    const end = await operate(run, { decide: bringsBack(TA_1, atConsole(lab)) });
    expect('report' in end && end.report.outcome).toBe('completed');
    undisturbed = worldOf(lab);
  }, 120_000);

  it.each<[string, (lab: Rehearsal, run: RunHandle) => Promise<unknown>, string]>([
    [
      'while the host is out of its cluster',
      (lab, run) => operate(run, { decide: bringsBack(TA_1, atConsole(lab)), stopAt: ({ step }) => step === REVERTED }),
      'absent',
    ],
    [
      'when it was just added again',
      async (lab, run) => {
        void operate(run, { decide: bringsBack(TA_1, atConsole(lab)) }).catch(() => undefined);
        await afterAddition(lab, 'host-added');
      },
      'connected',
    ],
    [
      'when it was just back in service',
      async (lab, run) => {
        void operate(run, { decide: bringsBack(TA_1, atConsole(lab)) }).catch(() => undefined);
        await afterAddition(lab, 'maintenance-mode-left');
      },
      'in service',
    ],
  ])('%s is finished by a new run, before anything else', async (_when, until, stood) => {
    await using lab = await startRehearsal(SITE());
    const first = await startFailing(lab);
    await until(lab, first);
    await first.terminate('somebody pressed the wrong button');

    const run = await lab.start(hostsRequest(lab.infrastructure));
    const { hardwareUuid } = lab.simulator.world.host(TA_1);
    expect(await leftoversOf(run)).toMatchObject({ [hostChangeId('host-removed', hardwareUuid)]: 'bring back' });
    const gate = await openGate(run, ({ id }) => id === 'plan');
    expect(gate.facts.join('\n')).toMatch(/It is brought back first.*Then this run plans anew and asks again/);

    const end = await operate(run, {
      decide: async ({ step }) => {
        if (step !== REVERTED) return undefined;
        await atConsole(lab)();
        return 'reverted';
      },
    });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report).toMatchObject({
      outcome: 'completed',
      items: [{ name: TA_1, state: 'done' }, { name: TA_2, state: 'done' }, { state: 'done' }],
    });
    expect(end.report.restored).toContainEqual({ what: `removed host:${TA_1}`, restored: true });
    expect(worldOf(lab)).toEqual(undisturbed);
    const ledger = lab.client.workflow.getHandle(ledgerWorkflowId(lab.infrastructure));
    expect((await ledger.query<LedgerState>('ledger')).changes).toEqual([]);
    const audit = (await auditOf(run)).map(({ what, on }) => `${what} ${on}`);
    const parts = audit.filter((line) => line.startsWith('recovery: ')).map((line) => line.split(' ')[1]);
    expect(parts).toEqual(
      {
        absent: ['revert', 'addition', 'configuration', 'restart', 'services', 'verification'],
        connected: ['addition', 'configuration', 'restart', 'services', 'verification'],
        'in service': [],
      }[stood],
    );
    expect(audit.filter((line) => line === 'approved plan')).toHaveLength(2);
  });

  it('may be left as it is: the ledger keeps it for the next run', async () => {
    await using lab = await startRehearsal(SITE());
    const first = await startFailing(lab);
    await operate(first, { decide: bringsBack(TA_1, atConsole(lab)), stopAt: ({ step }) => step === REVERTED });
    await first.terminate('somebody pressed the wrong button');
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await operate(run, { decide: () => undefined });
    await say(run, 'abort', { by: 'alice', reason: 'not now' });
    expect((await run.result()).outcome).toBe('aborted');
    const next = await lab.start(hostsRequest(lab.infrastructure));
    expect(Object.values(await leftoversOf(next))).toContain('bring back');
    await say(next, 'abort', { by: 'alice', reason: 'seen enough' });
    await next.result();
    expect(lab.simulator.world.host(TA_1).cluster).toBeNull();
  });
});
