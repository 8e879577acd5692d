import { expect, it } from 'vitest';
import { judgeOrder } from '../support/judge-order';
import { quickSite, QUICK_SITE } from '../support/quick-site';
import { approveUntil, approveEverything, decide, startRehearsal } from '../support/rehearsal';

const TA = 'ta-host-1.lab.example';

// What hosts fail with is in failure-classes.test.ts.
it('parks and goes on after "retry" when the backup of a vCenter fails', { timeout: 120_000 }, async () => {
  const scenario = quickSite();
  scenario.trustAuthority.vCenter.backup = { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' };
  await using rehearsal = await startRehearsal(scenario);
  rehearsal.simulator.world.faults.add({ kind: 'backup-fails', vCenter: 'ta-vc' });
  const run = await rehearsal.start();
  const parked = await approveUntil(rehearsal, run, (gate) => gate.step !== undefined);
  expect(parked.step).toMatch(/^vcenter:ta-vc/);
  expect(parked.facts.join(' ')).toMatch(/^VTA_VCENTER_BACKUP_FAILED: .*was not updated/);
  expect(parked.actions).toEqual(['retry', 'abort']);
  await decide(run, parked, 'retry');
  const { report } = await approveEverything(rehearsal, run);
  expect(report.outcome).toBe('completed');
  expect(report.items.every((item) => item.state === 'done')).toBe(true);
  expect(judgeOrder(rehearsal.simulator.world.events.all(), QUICK_SITE)).toEqual([]);
});

it('does not say that services were restarted which could not be', { timeout: 120_000 }, async () => {
  await using rehearsal = await startRehearsal(quickSite());
  rehearsal.simulator.world.faults.add({ kind: 'service-broken', host: TA, service: 'kmxd' });
  rehearsal.simulator.world.faults.add({
    kind: 'error',
    operation: 'RestartService',
    error: 'NoPermission',
    count: null,
  });
  const run = await rehearsal.start();
  const parked = await approveUntil(rehearsal, run, (gate) => gate.step !== undefined);
  const said = parked.facts.join(' ');
  expect(said).toMatch(/^VTA_SERVICE_DOWN: .*kmxd does not run.*They could not be restarted: .*NoPermission/);
  expect(said).not.toMatch(/were restarted/);
  await decide(run, parked, 'abort');
  await run.result();
});
