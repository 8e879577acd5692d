import { describe, expect, it } from 'vitest';
import { hostWorkflowId } from '../../src/model/ids';
import { hostsRequest, hostsSite, NEW_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, progressOf, eventually, worldEvent } from '../support/people';
import { approve, openGate, startRehearsal } from '../support/rehearsal';
import { lookAtWorld } from '../support/world-changes';

/** "Request Cancellation" is the prominent button of the Web UI: it must be as harmless as an abort. */
describe.concurrent('a cancel request', { timeout: 150_000 }, () => {
  it('at the plan ends the run in order, nothing changed', async () => {
    await using lab = await startRehearsal(hostsSite());
    const world = lookAtWorld(lab.simulator);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await openGate(run, ({ id }) => id === 'plan');
    await run.cancel();
    expect((await run.result()).outcome).toBe('aborted');
    expect((await run.describe()).status.name).toBe('COMPLETED');
    expect(world.changes()).toEqual([]);
    expect(await auditOf(run)).toContainEqual(
      expect.objectContaining({ by: 'cancel request', what: 'abort', why: expect.stringContaining('taken as abort') }),
    );
  });

  it('before there is a plan ends the run at once', async () => {
    await using lab = await startRehearsal(hostsSite());
    // A vCenter that does not answer would be waited for, for minutes.
    lab.simulator.world.faults.add({ kind: 'hang', operation: '*', vCenter: 'workload-vc', count: null });
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await eventually('inspecting', async () => ((await progressOf(run)).state === 'inspecting' ? true : undefined));
    await run.cancel();
    expect((await run.result()).summary).toBe('The run was aborted before anything was upgraded.');
  });

  it('in the middle of a host lets it be finished; a second one, and one of the host itself, change nothing', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await approve(run, await openGate(run, ({ id }) => id === 'plan'));
    await worldEvent(lab, 'remediation-started', TA_1);
    const child = lab.client.workflow.getHandle(hostWorkflowId(lab.infrastructure, TA_1));
    await child.cancel();
    await run.cancel();
    await run.cancel();
    const report = await run.result();
    expect((await child.describe()).status.name).toBe('COMPLETED');
    expect(report.outcome).toBe('aborted');
    expect(report.items.slice(0, 2).map(({ name, state }) => [name, state])).toEqual([
      [TA_1, 'done'],
      [TA_2, 'pending'],
    ]);
    const host = lab.simulator.world.state.hosts.find(({ name }) => name === TA_1);
    expect([host?.inMaintenanceMode, host?.runningImage.build]).toEqual([false, NEW_BUILD]);
    expect(report.restored.every(({ restored }) => restored)).toBe(true);
    expect((await progressOf(run)).warnings.join('\n')).toMatch(
      /host:ta-host-1\.lab\.example: A cancel request of this workflow is not obeyed, it is never left in the middle; abort the run/,
    );
  });
});
