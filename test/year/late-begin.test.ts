import type { WorkflowHandle } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../simulator/api/control/edits';
import { runWorkflowId } from '../../src/model/ids';
import type { ItemProgress, Progress } from '../../src/model/progress';
import type { Report } from '../../src/model/report';
import { auditOf, progressOf, say } from '../support/people';
import { requirePart } from '../support/parts';
import { JAVA, MAVEN } from '../support/skipping-server';
import { accompany } from './accompany';
import { begunOutside, hostsByNight, nightsRequest, nightsSite, noonAfter } from './nights-site';
import { HOUR, SkippingLab, TASK_QUEUE } from './skipping-lab';

const WHAT = 'a worker that is away until the window has closed, with time that skips';
const TA_1 = 'ta-host-1.lab.example';

interface Ended {
  report: Report;
  warnings: string;
  /** What the audit says was not begun, and why. */
  notBegun: string[];
  /** Of hosts, in each night. */
  nights: string[][];
  outside: string[];
}

/** A run whose worker leaves in each night when it is about to do this, and comes back at noon. */
async function upgradeMissing(
  lab: SkippingLab,
  moment: string,
  { times = 1, look }: { times?: number; look?: (run: WorkflowHandle, progress: Progress) => Promise<void> } = {},
): Promise<Ended> {
  const { world } = lab.simulator;
  await lab.sleepUntil(noonAfter(await lab.now()));
  const workflowId = runWorkflowId('nights');
  await lab.client.workflow.start('upgradeTrustAuthority', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [nightsRequest()],
  });
  const run = lab.client.workflow.getHandle(workflowId);
  let left = 0;
  const leave = () => lab.stopWorkerAt((activity) => activity === moment);
  leave();
  const { report } = await accompany(lab, run, {
    lookMs: HOUR / 4,
    look: async (progress) => await look?.(run, progress),
    workerLeft: async () => {
      await lab.sleepWithoutWorker(noonAfter(await lab.now()), 1);
      left += 1;
      if (left < times) leave();
      await lab.startWorker({ leaves: left < times });
    },
  });
  const audit = await auditOf(run);
  const { warnings } = await progressOf(run);
  expect(left).toBe(times);
  return {
    report,
    warnings: warnings.join(' '),
    notBegun: audit.flatMap(({ what, on }) => (what === 'not begun' ? [on] : [])),
    nights: [...hostsByNight(world.events.all()).values()],
    outside: begunOutside(world.events.all()),
  };
}

if ([JAVA, MAVEN].every((part) => requirePart(part, WHAT))) {
  describe('a worker that is away until the window has closed', { timeout: 170_000 }, () => {
    it('begins no host late: it is left alone, and begun in the next night', async () => {
      await using lab = await SkippingLab.start(nightsSite(2));
      const { report, warnings, notBegun, nights, outside } = await upgradeMissing(lab, 'vtaWaitSafeToBegin');
      expect(outside).toEqual([]);
      expect(notBegun).toEqual([`host:${TA_1}`]);
      expect(nights.map((hosts) => hosts.length)).toEqual([4]);
      expect(report).toMatchObject({ outcome: 'completed' });
      expect(warnings).toMatch(/host:ta-host-1\S+ was not begun: .* It runs what it ran, and waits/);
    });

    it('shows such a host as waiting, and ends at once when the run is aborted then', async () => {
      await using lab = await SkippingLab.start(nightsSite(2));
      const waits: (ItemProgress | undefined)[] = [];
      const { report, outside } = await upgradeMissing(lab, 'vtaWaitSafeToBegin', {
        look: async (run, { warnings, window, phases }) => {
          if (window?.step !== `host:${TA_1}` || !warnings.join().includes('not begun') || waits.length > 0) return;
          waits.push(phases[1]?.items[0]);
          expect(await say(run, 'abort', { by: 'bob', reason: 'the change is over' })).toMatch(/^The run ends now/);
        },
      });
      expect(waits).toEqual([
        { name: TA_1, state: 'pending', detail: expect.stringMatching(/^waits until \S+, staged$/) },
      ]);
      expect(outside).toEqual([]);
      expect(report.outcome).toBe('aborted');
      expect(report.items.map(({ state }) => state)).toEqual([
        'done',
        'pending',
        'pending',
        'pending',
        'pending',
        'pending',
      ]);
    });

    it('does not remediate late a host that was in maintenance mode already', async () => {
      await using lab = await SkippingLab.start(nightsSite(2));
      await applyEdit(lab.simulator.world, { edit: 'set-maintenance-mode', host: TA_1, on: true });
      const { report, notBegun, outside } = await upgradeMissing(lab, 'vtaWaitSafeToBegin');
      expect(outside).toEqual([]);
      expect(notBegun).toEqual([`host:${TA_1}`]);
      expect(report).toMatchObject({ outcome: 'completed' });
    });

    it('installs no vCenter late: the backup is taken again in the next night', async () => {
      await using lab = await SkippingLab.start(nightsSite(2));
      const { report, notBegun, outside } = await upgradeMissing(lab, 'vtaEnsureVCenterBackup');
      expect(outside).toEqual([]);
      expect(notBegun).toEqual(['vcenter:ta-vc.lab.example']);
      expect(report).toMatchObject({ outcome: 'completed' });
    });

    it('asks people when that happens to a vCenter twice', async () => {
      await using lab = await SkippingLab.start(nightsSite(2));
      await expect(upgradeMissing(lab, 'vtaEnsureVCenterBackup', { times: 2 })).rejects.toThrow(
        /^decide:vcenter:ta-vc\S+ VTA_WINDOW_TOO_SHORT: For the second time .* Nothing was installed\. "retry"/,
      );
      expect(begunOutside(lab.simulator.world.events.all())).toEqual([]);
    });

    it('asks people when that happens to a host twice', async () => {
      await using lab = await SkippingLab.start(nightsSite(2));
      await expect(upgradeMissing(lab, 'vtaWaitSafeToBegin', { times: 2 })).rejects.toThrow(
        /^decide:host:ta-host-1\S+ VTA_WINDOW_TOO_SHORT: For the second time .* It was not begun and runs what it ran\./,
      );
      expect(begunOutside(lab.simulator.world.events.all())).toEqual([]);
    });
  });
}
