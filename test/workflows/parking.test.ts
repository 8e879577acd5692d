import { describe, expect, it } from 'vitest';
import type { FaultSpec } from '../../simulator/world/faults';
import { judgeOrder } from '../support/judge-order';
import { quickSite, QUICK_SITE } from '../support/quick-site';
import { approveUntil, approveEverything, decide, startRehearsal, type Rehearsal } from '../support/rehearsal';

interface Case {
  what: string;
  fault: FaultSpec;
  /** The step that parks, and its code. */
  step: RegExp;
  code: string;
  /** What the operator reads. */
  says: RegExp;
}

const TA = 'ta-host-1.lab.example';
const TRUSTED = 'host-1.lab.example';

/** What goes wrong once, parks with its own code, and goes on when the cause is gone and a person says "retry". */
const CASES: Case[] = [
  {
    what: 'remediation of a Trust Authority Host fails',
    fault: { kind: 'remediation-fails', host: TA },
    step: /^host:ta-host-1/,
    code: 'VTA_REMEDIATION_FAILED',
    says: /Now it is connected, on build 22380479/,
  },
  {
    what: 'vLCM says SUCCEEDED but skipped the host',
    fault: { kind: 'remediation-skipped', host: TRUSTED },
    step: /^host:host-1/,
    code: 'VTA_HOST_SKIPPED_BY_VLCM',
    says: /skipped host-1\.lab\.example/,
  },
  {
    what: 'a virtual machine keeps a host from entering maintenance mode',
    fault: { kind: 'mm-hangs', host: TRUSTED, count: null },
    step: /^host:host-1/,
    code: 'VTA_MAINTENANCE_MODE_FAILED',
    says: /Still on it: host-1-vm-1/,
  },
  {
    what: 'kmxd does not stay up after the boot',
    fault: { kind: 'service-broken', host: TA, service: 'kmxd' },
    step: /^host:ta-host-1/,
    code: 'VTA_SERVICE_DOWN',
    says: /kmxd does not run.*were restarted once, which did not help/,
  },
  {
    what: 'the host comes back on its old build',
    fault: { kind: 'old-build', host: TA },
    step: /^host:ta-host-1/,
    code: 'VTA_REMEDIATION_FAILED|VTA_HOST_ON_OLD_BUILD',
    says: /22380479/,
  },
  {
    what: 'a Trusted Host does not attest although its image was imported',
    fault: { kind: 'not-attest', host: TRUSTED, count: null },
    step: /^host:host-1/,
    code: 'VTA_NOT_ATTESTED',
    says: /is not let out of maintenance mode/,
  },
  {
    what: 'the backup of a vCenter fails',
    fault: { kind: 'backup-fails', vCenter: 'ta-vc' },
    step: /^vcenter:ta-vc/,
    code: 'VTA_VCENTER_BACKUP_FAILED',
    says: /was not updated/,
  },
];

describe.concurrent('a step that fails', { timeout: 300_000 }, () => {
  it.each(CASES)('parks and goes on after "retry": $what', async ({ fault, step, code, says }) => {
    const scenario = quickSite();
    scenario.trustAuthority.vCenter.backup = { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' };
    await using rehearsal = await startRehearsal(scenario);
    await inject(rehearsal, fault);
    const run = await rehearsal.start();
    const parked = await approveUntil(rehearsal, run, (gate) => gate.step !== undefined);
    expect(parked.step).toMatch(step);
    expect(parked.facts.join(' ')).toMatch(new RegExp(`^(${code}): `));
    expect(parked.facts.join(' ')).toMatch(says);
    expect(parked.actions).toEqual(expect.arrayContaining(['retry', 'abort']));

    await clearFaults(rehearsal);
    await mend(rehearsal, fault);
    await decide(run, parked, 'retry');
    const { report } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    expect(report.items.every((item) => item.state === 'done')).toBe(true);
    expect(judgeOrder(rehearsal.simulator.world.events.all(), QUICK_SITE)).toEqual([]);
  });
});

it('does not say that services were restarted which could not be', { timeout: 120_000 }, async () => {
  await using rehearsal = await startRehearsal(quickSite());
  await inject(rehearsal, { kind: 'service-broken', host: TA, service: 'kmxd' });
  await inject(rehearsal, { kind: 'error', operation: 'RestartService', error: 'NoPermission', count: null });
  const run = await rehearsal.start();
  const parked = await approveUntil(rehearsal, run, (gate) => gate.step !== undefined);
  const said = parked.facts.join(' ');
  expect(said).toMatch(/^VTA_SERVICE_DOWN: .*kmxd does not run.*They could not be restarted: .*NoPermission/);
  expect(said).not.toMatch(/were restarted/);
  await decide(run, parked, 'abort');
  await run.result();
});

async function inject(rehearsal: Rehearsal, fault: FaultSpec): Promise<void> {
  const body = JSON.stringify(fault);
  const answer = await fetch(`${rehearsal.simulator.ready.control}/faults`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`POST /faults: ${answer.status} ${await answer.text()}`);
}

async function clearFaults(rehearsal: Rehearsal): Promise<void> {
  await fetch(`${rehearsal.simulator.ready.control}/faults`, { method: 'DELETE' });
}

/** What an operator would do before deciding "retry", where taking the fault away is not enough. */
async function mend(rehearsal: Rehearsal, fault: FaultSpec): Promise<void> {
  if (fault.kind !== 'service-broken') return;
  const host = rehearsal.simulator.world.state.hosts.find(({ name }) => name === fault.host);
  const service = host?.services.find(({ key }) => key === fault.service);
  if (host === undefined || service === undefined) throw new Error('no such service');
  host.brokenService = null;
  service.running = true;
}
