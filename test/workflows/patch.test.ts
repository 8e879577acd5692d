import { describe, expect, it } from 'vitest';
import { runWorkflowId } from '../../src/model/ids';
import type { PatchReport } from '../../src/model/patch-report';
import type { upgradeTrustAuthority } from '../../src/workflows';
import { hostsSite, NEW_BUILD } from '../support/hosts-site';
import { patchRequest, patchSite, STANDING } from '../support/patch-site';
import { auditOf, failureOf, progressOf } from '../support/people';
import { approveEverything, openGate, reject, startRehearsal, type Rehearsal } from '../support/rehearsal';
import { lookAtWorld } from '../support/world-changes';

let patches = 0;

/** Starts a patch run as a schedule does: under an id that is never the same. */
async function patch({ client, taskQueue, infrastructure }: Rehearsal, request: unknown): Promise<PatchReport> {
  return await client.workflow.execute<(request: unknown) => Promise<PatchReport>>('patchTrustAuthority', {
    workflowId: `vta-patch:${infrastructure}-${++patches}`,
    taskQueue,
    args: [request],
  });
}

const runOf = ({ client, infrastructure }: Rehearsal, runId?: string) => {
  const handle = client.workflow.getHandle<typeof upgradeTrustAuthority>(runWorkflowId(infrastructure), runId);
  return { ...handle, firstExecutionRunId: runId ?? '' };
};

describe.concurrent('a patch run', { timeout: 150_000 }, () => {
  it('starts the run, which goes through without asking where a standing approval covers all of it', async () => {
    await using lab = await startRehearsal(patchSite());
    const report = await patch(lab, patchRequest(lab.infrastructure));
    expect(report).toEqual({
      infrastructure: lab.infrastructure,
      outcome: 'started',
      summary: `The run ${runWorkflowId(lab.infrastructure)} was started to take what is pending.`,
      why: [
        expect.stringMatching(/^vCenter ta-vc\S*: 8\.0\.3\.00400 can go to 8\.0\.3\.00500 \(SECURITY\)$/),
        expect.stringMatching(/^vCenter workload-vc\S*: 8\.0\.3\.00400 can go to 8\.0\.3\.00500 \(SECURITY\)$/),
        expect.stringMatching(/^cluster vTA Cluster: 2 of 2 hosts are not at its desired image, base image 8\.0\.3-0/),
        expect.stringMatching(/^cluster Trusted Cluster: 1 of 1 hosts are not at its desired image/),
      ],
      run: { workflowId: runWorkflowId(lab.infrastructure), runId: expect.any(String) },
    });
    const run = runOf(lab, report.run?.runId);
    const { report: ended, approved } = await approveEverything(lab, run);
    expect([ended.outcome, approved]).toEqual(['completed', []]);
    expect(ended.items.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
    expect(lab.simulator.world.state.hosts.map(({ runningImage }) => runningImage.build)).toEqual(
      lab.simulator.world.state.hosts.map(() => NEW_BUILD),
    );
    const audit = await auditOf(run);
    expect(audit.filter(({ what }) => what.startsWith('approved'))).toEqual([
      expect.objectContaining({
        by: 'run',
        what: 'approved by the standing approval of alice',
        on: 'plan',
        why: `${ended.planDigest}: CHG-4711, monthly patches`,
      }),
    ]);
    expect(audit.map(({ what }) => what)).not.toContain('gate opened');

    // The next time of the schedule finds nothing.
    expect(await patch(lab, patchRequest(lab.infrastructure))).toMatchObject({
      outcome: 'nothing to do',
      summary: `Nothing to do for ${lab.infrastructure}; nothing was started.`,
      why: [
        expect.stringMatching(/^vCenter ta-vc\S*: runs 8\.0\.3\.00500 and is offered no update$/),
        expect.stringMatching(/^vCenter workload-vc\S*: runs 8\.0\.3\.00500 and is offered no update$/),
        'cluster vTA Cluster: all 2 hosts run its desired image, base image 8.0.3-0.0.24674464',
        'cluster Trusted Cluster: all 1 hosts run its desired image, base image 8.0.3-0.0.24674464',
      ],
    });
  });

  it('starts a run that asks for what is not covered; while it is open, nothing is started beside it', async () => {
    await using lab = await startRehearsal(patchSite('FIX'));
    const world = lookAtWorld(lab.simulator);
    const request = patchRequest(lab.infrastructure, { take: { vCenter: 'any' } });
    // Two at once: both find that no run is open, and the id of the run lets one of them start it.
    const both = await Promise.all([patch(lab, request), patch(lab, request)]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['a run is open', 'started']);
    const run = runOf(lab, both.find(({ outcome }) => outcome === 'started')?.run?.runId);
    const gate = await openGate(run, ({ id }) => id === 'plan');
    expect(gate.facts.filter((fact) => fact.startsWith('not covered'))).toEqual([
      expect.stringMatching(
        /^not covered by the standing approval of alice: vCenter ta-vc\S*, 8\.0\.3\.00400 to 8\.0\.3\.00500: an update of kind FIX; it covers SECURITY$/,
      ),
      expect.stringMatching(/^not covered by the standing approval of alice: vCenter workload-vc/),
    ]);
    expect(await patch(lab, request)).toEqual({
      infrastructure: lab.infrastructure,
      outcome: 'a run is open',
      summary: `The run ${runWorkflowId(lab.infrastructure)} is open and goes on as it was; nothing was started beside it.`,
      why: ['what is pending was not read: the next time of the schedule looks again'],
      run: { workflowId: runWorkflowId(lab.infrastructure) },
    });
    expect((await progressOf(run)).gates.map(({ id }) => id)).toEqual(['plan']);
    await reject(run, gate);
    expect((await run.result()).outcome).toBe('rejected');
    expect(world.changes()).toEqual([]);
  });

  it('starts nothing where nothing that it may take is pending', async () => {
    await using lab = await startRehearsal(hostsSite());
    expect(await patch(lab, { infrastructure: lab.infrastructure })).toMatchObject({ outcome: 'nothing to do' });
    await expect(runOf(lab).describe()).rejects.toThrow(/not found/);
  });

  it('fails with every wrong field, and with every reason against the run; nothing is started', async () => {
    await using lab = await startRehearsal(patchSite());
    const invalid = patch(lab, { infrastructure: lab.infrastructure, take: { hosts: 'all' }, phases: [2] });
    const said = await failureOf(invalid);
    expect(said).toMatch(/^VTA_REQUEST_INVALID: Nothing was changed\. The request is not valid\. /);
    expect(said).toContain('take.hosts: must be "desired" or "nothing"');
    expect(said).toContain('phases: unknown key');
    const by = ['mallory', 'alice'];
    const refused = patch(lab, patchRequest(lab.infrastructure, { standingApproval: { ...STANDING, by } }));
    expect(await failureOf(refused)).toMatch(
      /^VTA_PLAN_REFUSED: Nothing was changed\. .*\[VTA_STANDING_APPROVAL_INVALID\] standingApproval\.by: .*given by mallory, who is not an approver/,
    );
    await expect(runOf(lab).describe()).rejects.toThrow(/not found/);
  });
});
