import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { hostWorkflowId, runWorkflowId, vCenterWorkflowId } from '../../src/model/ids';
import type { planTrustAuthority, upgradeTrustAuthority } from '../../src/workflows';
import { hostsRequest, hostsSite, NEW_BUILD, TA_1 } from '../support/hosts-site';
import { eventually, failureOf, progressOf, say, worldEvent } from '../support/people';
import { approve, approveEverything, openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';
import { lookAtWorld } from '../support/world-changes';

/** Starts a workflow by hand, as anybody with the CLI could. */
async function byHand(lab: Rehearsal, type: string, workflowId: string, ...args: unknown[]): Promise<string> {
  const started = await lab.client.workflow.start(type, { workflowId, taskQueue: lab.taskQueue, args });
  return await failureOf(started.result());
}

describe('one run at a time', { timeout: 150_000 }, () => {
  it('what is started in another way refuses, says how, and changes nothing', async () => {
    await using lab = await startRehearsal(hostsSite());
    const world = lookAtWorld(lab.simulator);
    const name = lab.infrastructure;
    const request = hostsRequest(name);
    const id = runWorkflowId(name);
    const other = `upgrade-${randomUUID()}`;
    const hostId = hostWorkflowId(name, TA_1);
    const hand = /^VTA_NOT_STARTED_BY_RUN: This workflow works for the run .* refuses to be started by anybody else/;
    expect(await byHand(lab, 'upgradeTrustAuthority', other, request)).toBe(
      `VTA_WORKFLOW_ID_WRONG: A run of "${name}" must have the workflow id "${id}", so that there is never more than one; ` +
        `this one has "${other}". Nothing was changed. Start it again with that id.`,
    );
    const requests: unknown[][] = [[], [null], ['prod'], [[request]], [{}], [{ infrastructure: 7 }]];
    for (const args of requests)
      expect(await byHand(lab, 'upgradeTrustAuthority', id, ...args)).toMatch(
        /^VTA_REQUEST_INVALID: The request must be one JSON object that names an infrastructure, for example \{/,
      );
    expect(await byHand(lab, 'upgradeTrustAuthority', id, request, { plan: {}, answers: {} })).toMatch(
      /^VTA_REQUEST_INVALID: A run takes one argument, the request/,
    );
    const inputs: unknown[][] = [[], [null], ['x'], [{ infrastructure: name }], [{ infrastructure: name, host: null }]];
    for (const args of inputs) {
      expect(await byHand(lab, 'vtaUpgradeHost', hostId, ...args)).toMatch(hand);
      expect(await byHand(lab, 'vtaUpgradeVCenter', vCenterWorkflowId(name, 'ta-vc'), ...args)).toMatch(hand);
    }
    expect(world.changes()).toEqual([]);
  });

  it('a second run of the same infrastructure cannot be started', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    await openGate(run, ({ id }) => id === 'plan');
    await expect(lab.start(hostsRequest(lab.infrastructure))).rejects.toThrow(WorkflowExecutionAlreadyStartedError);
    await say(run, 'abort', { by: 'alice', reason: 'seen enough' });
    await run.result();
    // Once it has ended, its id is free again.
    const next = await lab.start(hostsRequest(lab.infrastructure));
    await openGate(next, ({ id }) => id === 'plan');
    await say(next, 'abort', { by: 'alice', reason: 'seen enough' });
    await next.result();
  });

  it('after a terminate the host that was begun is finished; plans show that, and a new run waits for it', async () => {
    await using lab = await startRehearsal({ ...hostsSite(), durations: { ...hostsSite().durations, reboot: 6_000 } });
    const { client, infrastructure, taskQueue } = lab;
    const first = await lab.start(hostsRequest(infrastructure));
    await approve(first, await openGate(first, ({ id }) => id === 'plan'));
    await worldEvent(lab, 'reboot-started', TA_1);
    await first.terminate('somebody pressed the wrong button');

    const child = hostWorkflowId(infrastructure, TA_1);
    const planned = await client.workflow.execute<typeof planTrustAuthority>('planTrustAuthority', {
      workflowId: `plan-${randomUUID()}`,
      taskQueue,
      args: [hostsRequest(infrastructure)],
    });
    expect(planned, JSON.stringify(planned)).toMatchObject({ kind: 'plan', plan: { waitFor: [child] } });

    const second = await client.workflow.start<typeof upgradeTrustAuthority>('upgradeTrustAuthority', {
      workflowId: runWorkflowId(infrastructure),
      taskQueue,
      args: [hostsRequest(infrastructure)],
    });
    const waiting = await eventually('waiting for the child', async () => {
      const now = await progressOf(second);
      return now.now.includes('earlier run') ? now : undefined;
    });
    expect(waiting).toMatchObject({
      state: 'inspecting',
      now: `An earlier run's work is still going on and must end first: ${child}.`,
    });
    // Waiting changes nothing and may be given up; the host is finished all the same.
    expect(await say(second, 'abort', { by: 'alice', reason: 'later' })).toBe('The run ends now. Nothing was changed.');
    expect((await second.result()).summary).toBe('The run was aborted before anything was upgraded.');

    const { report } = await approveEverything(lab, await lab.start(hostsRequest(infrastructure)));
    expect(report.outcome).toBe('completed');
    expect((await client.workflow.getHandle(child).describe()).status.name).toBe('COMPLETED');
    // The host of the first run was finished by its own workflow: it is at its target, and no part of the third run.
    expect(report.items.map(({ name }) => name)).not.toContain(TA_1);
    const events = lab.simulator.world.events.all();
    const of = (what: string) => events.filter((event) => event.host === TA_1 && event.what === what).length;
    expect([of('remediation-started'), of('reboot-started')]).toEqual([1, 1]);
    expect(lab.simulator.world.state.hosts.map(({ runningImage }) => runningImage.build)).toEqual(
      lab.simulator.world.state.hosts.map(() => NEW_BUILD),
    );
  });
});
