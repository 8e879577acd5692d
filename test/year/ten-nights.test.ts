import { expect, it } from 'vitest';
import { runWorkflowId } from '../../src/model/ids';
import { requirePart } from '../support/parts';
import { JAVA, MAVEN } from '../support/skipping-server';
import { accompany } from './accompany';
import { describeSizes, historySizes } from './history-sizes';
import { begunOutside, hostsByNight, nightsRequest, nightsSite, noonAfter } from './nights-site';
import { HOUR, SkippingLab, TASK_QUEUE } from './skipping-lab';

/** Trusted Hosts: fewer by hand, such as NIGHTS_HOSTS=10. */
const HOSTS = Number(process.env['NIGHTS_HOSTS'] ?? 64);
const HOSTS_A_NIGHT = 7;
const NIGHTS = Math.ceil((HOSTS + 2) / HOSTS_A_NIGHT);
const DEADLINE_MS = 240_000 + HOSTS * 20_000;

/** Of any history. */
const MOST_EVENTS = 4_000;
const MOST_BYTES = 2_000_000;

const WHAT = 'a run of ten nights, with time that skips';

if ([JAVA, MAVEN].every((part) => requirePart(part, WHAT))) {
  it.each([
    { title: 'approved once', request: {}, lookMs: HOUR / 4 },
    { title: 'approved host by host', request: { approve: ['phase', 'host'] }, lookMs: HOUR / 60 },
  ])(
    'the histories of a run of many nights stay short, though the worker is replaced between two of them: $title',
    { timeout: DEADLINE_MS },
    async ({ title, request, lookMs }) => {
      await using lab = await SkippingLab.start(nightsSite(HOSTS));
      const { world } = lab.simulator;
      await lab.sleepUntil(noonAfter(await lab.now()));
      const run = await lab.client.workflow.start('upgradeTrustAuthority', {
        workflowId: runWorkflowId('nights'),
        taskQueue: TASK_QUEUE,
        args: [nightsRequest(request)],
      });
      let replaced = false;
      const { report } = await accompany(lab, lab.client.workflow.getHandle(run.workflowId), {
        lookMs,
        look: async ({ window, now }) => {
          if (replaced || now !== window?.why || hostsByNight(world.events.all()).size === 0) return;
          replaced = true;
          await lab.stopWorker();
          await lab.sleepWithoutWorker((await lab.now()) + 6 * HOUR, 0);
          await lab.startWorker({ leaves: false });
        },
        workerLeft: () => Promise.reject(new Error('the worker has left')),
      });
      const sizes = await historySizes(lab.client, { workflowId: run.workflowId, runId: run.firstExecutionRunId });
      const nights = [...hostsByNight(world.events.all()).values()].map((hosts) => hosts.length);
      console.log(`${HOSTS} + 2 hosts, ${title}; hosts a night: ${nights.join(', ')}\n${describeSizes(sizes)}`);

      expect(report.outcome).toBe('completed');
      expect(report.items.filter(({ state }) => state !== 'done')).toEqual([]);
      expect(replaced).toBe(true);
      expect(begunOutside(world.events.all())).toEqual([]);
      expect(nights).toHaveLength(NIGHTS);
      expect(Math.max(...nights)).toBe(HOSTS_A_NIGHT);
      expect(sizes.filter(({ events }) => events >= MOST_EVENTS)).toEqual([]);
      const chain = sizes.filter(({ workflowId }) => workflowId === run.workflowId);
      if (HOSTS >= 64 && 'approve' in request) expect(chain.length).toBeGreaterThan(1);
      expect(sizes.filter(({ bytes }) => bytes >= MOST_BYTES)).toEqual([]);
    },
  );
}
