import { describe, expect, it } from 'vitest';
import { describeFindings } from '../../src/planner/describe-findings';
import { describePlan } from '../../src/planner/describe-plan';
import { wrapLines } from '../../src/planner/wrap-lines';
import {
  host,
  inventory,
  NEW,
  plan,
  refusals,
  request,
  TA_VCENTER,
  trustedCluster,
  upgradedHost,
  vCenter,
  withTrusted,
  withTrustedHosts,
  WORKLOAD_VCENTER,
} from '../support/inventory';

const DIGEST = 'd'.repeat(64);

function longest(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

describe('the plan as text', () => {
  it('of the healthy world', async () => {
    await expect(describePlan(plan(), DIGEST)).toMatchFileSnapshot('golden/plan-of-the-healthy-world.txt');
  });

  it('with everything that a plan can have', async () => {
    const addOn = { name: 'vendor-addon', version: '803.0.0-12' };
    const clusters = [
      trustedCluster({
        quickBoot: true,
        quickPatch: 'unknown',
        desiredImage: { baseImage: '8.0.3-0.0.24022510' },
        hosts: [host('host-1'), host('host-2', { inMaintenanceMode: true }), host('host-3', { runningVms: 0 })],
      }),
      trustedCluster({ id: 'edge', name: 'Edge', hosts: [upgradedHost('edge-1')] }),
    ];
    const { backup: _none, ...workload } = vCenter(WORKLOAD_VCENTER);
    const world = {
      ...withTrusted({ vCenter: workload, clusters }),
      holds: ['change freeze', 'alerts'],
      openChildren: [`vta-upgrade:lab:vcenter:${TA_VCENTER}`],
      notRestorable: [{ what: 'the client key of kms', why: 'it was made by a signing request' }],
    };
    world.trustAuthority.vCenter.backup = { elsewhere: 'nightly, by the backup team' };
    const asked = request({
      phases: [1, 3, 4],
      reason: 'the Trust Authority Hosts were upgraded by hand last night, see change 4711',
      target: {
        vCenter: NEW.vCenter,
        esxi: { byCluster: { 'Trusted Cluster': { baseImage: NEW.image, addOn, components: { lsi: '7.7-1' } } } },
      },
      approve: ['phase', 'host'],
      soakMs: 15 * 60_000,
      failureBudget: 2,
      window: { timeZone: 'Europe/Zurich', days: ['fri', 'sat'], from: '22:00', to: '22:45', except: ['2026-12-25'] },
    });
    await expect(describePlan(plan(asked, world), DIGEST)).toMatchFileSnapshot('golden/plan-with-everything.txt');
  });

  it('when nothing is to be done', async () => {
    const asked = request({ target: { esxi: 'desired' }, phases: [4], reason: 'check' });
    const text = describePlan(plan(asked, withTrustedHosts({ build: NEW.build, compliance: 'COMPLIANT' })));
    await expect(text).toMatchFileSnapshot('golden/plan-of-nothing.txt');
  });

  it('names the source of base images', () => {
    const file = { from: 'file', name: 'esxi.tgz' } as const;
    const found = { name: file.name, sha256: 'e'.repeat(64), bytes: 1 };
    expect(describePlan(plan(request({ baseImage: file }), inventory({ baseImageFile: found })))).toContain(
      found.sha256,
    );
    const reference = { from: 'reference-host', host: 'test-1' } as const;
    const world = inventory({ referenceHost: upgradedHost('test-1') });
    expect(describePlan(plan(request({ baseImage: reference }), world))).toContain('exported from test-1');
  });

  it('is at most 100 columns wide, whatever the names', () => {
    const name = `${'long-name-'.repeat(20)}.lab.example`;
    const text = describePlan(
      plan(request(), withTrusted({ clusters: [trustedCluster({ hosts: [host(name)] })] })),
      DIGEST,
    );
    expect(longest(text)).toBeLessThanOrEqual(100);
    expect(text).toContain('long-name-');
  });
});

it('refusals as text say what is the matter, what to do, and the code', async () => {
  const world = withTrustedHosts(
    { connection: 'disconnected' },
    { inMaintenanceMode: true },
    { inMaintenanceMode: true },
  );
  const text = describeFindings(refusals(request({ phases: [4] }), world)).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot('golden/refusals.txt');
  expect(longest(text)).toBeLessThanOrEqual(100);
});

describe('wrapLines', () => {
  it('breaks between words and indents what follows', () => {
    const lines = wrapLines('word '.repeat(40).trim(), '  - ');
    expect(lines[0]).toBe(`  - ${'word '.repeat(19).trim()}`);
    expect(lines[1]?.startsWith('    word')).toBe(true);
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrapLines('x'.repeat(150))).toEqual(['x'.repeat(100), 'x'.repeat(50)]);
  });

  it('lets no control character through', () => {
    expect(wrapLines('a\u001B[2Jb\nc')).toEqual(['a [2Jb c']);
  });
});
