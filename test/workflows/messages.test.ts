import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenGate } from '../../src/model/progress';
import { hostsRequest, hostsSite } from '../support/hosts-site';
import { auditOf, eventually, progressOf, refused, say } from '../support/people';
import { openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';
import { lookAtWorld, type WorldBefore } from '../support/world-changes';

/*
 * One run that waits for its plan to be approved, and everything that people, scripts and forms send by mistake. As update
 * the sender learns the reason; as signal it stands in the audit. Nothing is taken, nothing is touched, nothing wedges.
 */
let lab: Rehearsal;
let run: Awaited<ReturnType<Rehearsal['start']>>;
let gate: OpenGate;
let world: WorldBefore;

beforeAll(async () => {
  lab = await startRehearsal(hostsSite());
  world = lookAtWorld(lab.simulator);
  run = await lab.start(hostsRequest(lab.infrastructure));
  gate = await openGate(run, ({ id }) => id === 'plan');
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
});

const answer = (changes: object = {}) => ({ gate: 'plan', digest: gate.digest, by: 'alice', ...changes });
const decision = (changes: object = {}) => ({
  step: 'host:ta-host-1.lab.example',
  attempt: 1,
  action: 'retry',
  by: 'alice',
  reason: 'it was the cable',
  ...changes,
});

/** What is sent, the payload, and what must be said to it. */
const BAD: [what: string, name: string, payload: () => unknown[], says: RegExp][] = [
  ['nothing', 'approve', () => [], /^VTA_MESSAGE_INVALID: approve takes one JSON object.*got nothing\.$/],
  ['null', 'approve', () => [null], /^VTA_MESSAGE_INVALID: .*gate, digest, by, reason \(optional\); got null\.$/],
  ['a text', 'approve', () => ['plan'], /^VTA_MESSAGE_INVALID: .*got a string\.$/],
  ['a number', 'reject', () => [1], /^VTA_MESSAGE_INVALID: reject takes .*got a number\.$/],
  ['a list', 'approve', () => [[answer()]], /^VTA_MESSAGE_INVALID: .*got a list\.$/],
  ['no gate', 'approve', () => [answer({ gate: undefined })], /Field "gate" is missing: approve takes one JSON object/],
  ['no name', 'approve', () => [answer({ by: undefined })], /Field "by" is missing/],
  ['an empty name', 'approve', () => [answer({ by: ' ' })], /Field "by" must not be empty/],
  ['a name that is a number', 'approve', () => [answer({ by: 7 })], /Field "by" must be a string, got a number/],
  ['no digest', 'approve', () => [{ gate: 'plan', by: 'alice' }], /Field "digest" is missing/],
  ['a field too many', 'approve', () => [answer({ force: true })], /Unknown field "force": approve takes/],
  ['a field of every object', 'approve', () => [answer({ constructor: 1 })], /Unknown field "constructor"/],
  ['a whole book as reason', 'approve', () => [answer({ reason: 'x'.repeat(2001) })], /"reason" must be at most 2000/],
  [
    'a stale digest',
    'approve',
    () => [answer({ digest: 'sha256:old' })],
    /^VTA_DIGEST_STALE: .*got sha256:old, current is sha256:/,
  ],
  ['a stale digest', 'reject', () => [answer({ digest: 'sha256:old' })], /^VTA_DIGEST_STALE: /],
  [
    'a gate that is none',
    'approve',
    () => [answer({ gate: 'plane' })],
    /^VTA_GATE_NOT_OPEN: Gate "plane" is not open\. Open: plan\.$/,
  ],
  ['a gate of later', 'approve', () => [answer({ gate: 'phase:2' })], /^VTA_GATE_NOT_OPEN: Gate "phase:2" is not open/],
  [
    'somebody unknown',
    'approve',
    () => [answer({ by: 'mallory' })],
    /^VTA_APPROVER_UNKNOWN: "mallory" is not an approver.*Approvers: alice, bob\.$/,
  ],
  ['a name in other letters', 'reject', () => [answer({ by: 'Alice' })], /^VTA_APPROVER_UNKNOWN: "Alice"/],
  [
    'a decision where none is asked',
    'decide',
    () => [decision()],
    /^VTA_GATE_NOT_OPEN: Gate "decide:host:ta-host-1\.lab\.example:1" is not open/,
  ],
  ['a decision about the plan', 'decide', () => [decision({ step: 'plan' })], /^VTA_GATE_NOT_OPEN/],
  [
    'an attempt that is a text',
    'decide',
    () => [decision({ attempt: '1' })],
    /Field "attempt" must be a number, got a string/,
  ],
  ['a decision without reason', 'decide', () => [decision({ reason: undefined })], /Field "reason" is missing/],
  [
    'a pause without reason',
    'pause',
    () => [{ by: 'alice' }],
    /^VTA_MESSAGE_INVALID: Field "reason" is missing: pause takes/,
  ],
  ['a pause of somebody unknown', 'pause', () => [{ by: 'mallory', reason: 'x' }], /^VTA_APPROVER_UNKNOWN/],
  ['a resume that nobody needs', 'resume', () => [{ by: 'alice' }], /The run is not paused; nothing to resume/],
  [
    'a step to begin that waits for no window',
    'resume',
    () => [{ now: 'host:ta-host-1.lab.example', by: 'alice', reason: 'now' }],
    /^VTA_GATE_NOT_OPEN: Nothing waits for its maintenance window, so "host:ta-host-1\.lab\.example" cannot be begun now/,
  ],
  ['a step that is no text', 'resume', () => [{ now: true, by: 'alice' }], /Field "now" must be a string/],
  ['an abort of nobody', 'abort', () => [{ reason: 'x' }], /Field "by" is missing: abort takes/],
  [
    'an abort with null for a name',
    'abort',
    () => [{ by: null, reason: 'x' }],
    /Field "by" must be a string, got null/,
  ],
];

describe('as update, a message is refused to its sender', () => {
  it.each(BAD)('%s to %s', async (_what, name, payload, says) => {
    expect(await refused(run, name, ...payload())).toMatch(says);
  });

  it('a name that is no message', async () => {
    expect(await refused(run, 'aprove', answer())).toContain('No registered handler for update: aprove');
  });
});

describe('as signal, a message is refused in the audit', () => {
  it.each(BAD)('%s to %s', async (_what, name, payload, says) => {
    const before = (await auditOf(run)).at(-1)?.n ?? 0;
    await run.signal(name, ...payload());
    const line = await eventually('the refusal', async () => (await auditOf(run)).find(({ n }) => n > before));
    expect(line.what).toBe(`refused ${name}`);
    expect(line.why).toMatch(says);
  });

  it('names who sent it, as the sender says', async () => {
    const before = (await auditOf(run)).length;
    await run.signal('approve', answer({ by: 'mallory' }));
    const line = await eventually('the refusal', async () => (await auditOf(run))[before]);
    expect(line).toMatchObject({ by: 'mallory', on: 'approve' });
  });
});

describe('what cannot be read at all', () => {
  const bytes = (text: string) => Buffer.from(text);
  const UNREADABLE: [what: string, signal: string, payloads: object[]][] = [
    [
      'an encoding that we do not know',
      'approve',
      [{ metadata: { encoding: bytes('json/protobuf') }, data: bytes('{}') }],
    ],
    ['no encoding', 'pause', [{ data: bytes('{}') }]],
    ['JSON that is none', 'approve', [{ metadata: { encoding: bytes('json/plain') }, data: bytes('{"gate": ') }]],
    ['bytes', 'abort', [{ metadata: { encoding: bytes('binary/plain') }, data: bytes('stop') }]],
    [
      'a second argument that cannot be read',
      'resume',
      [
        { metadata: { encoding: bytes('json/plain') }, data: bytes('{"by": "alice"}') },
        { metadata: { encoding: bytes('x') }, data: bytes('y') },
      ],
    ],
    ['a report of no child', 'childReported', [{ metadata: { encoding: bytes('x') }, data: bytes('y') }]],
    ['a name that is no message', 'aprove', [{ metadata: { encoding: bytes('x') }, data: bytes('y') }]],
    [
      'a name that Temporal keeps for itself',
      '__temporal_x',
      [{ metadata: { encoding: bytes('x') }, data: bytes('y') }],
    ],
  ];
  it.each(UNREADABLE)('%s does not wedge the run', async (_what, signalName, payloads) => {
    await lab.client.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: run.workflowId },
      signalName,
      input: { payloads },
    });
    // A workflow task that fails is tried again for ever: then no update would be answered.
    expect(await refused(run, 'resume', { by: 'alice' })).toContain('not paused');
    expect((await progressOf(run)).warnings).toEqual([]);
  });

  it('and its sender finds the reason in the audit', async () => {
    const lines = await auditOf(run);
    expect(lines.filter(({ why }) => why?.includes('got a string')).length).toBeGreaterThan(2);
  });
});

describe('a flood', () => {
  it('of refused messages is written away, and the run still answers', async () => {
    for (let batch = 0; batch < 6; batch++)
      await Promise.all(Array.from({ length: 50 }, () => run.signal('approve', answer({ by: 'm'.repeat(5000) }))));
    expect(await refused(run, 'resume', { by: 'alice' })).toContain('not paused');
    const longest = Math.max(...(await auditOf(run)).map((line) => JSON.stringify(line).length));
    expect(longest).toBeLessThan(4500);
  });
});

describe('after all that', () => {
  it('the gate is open as it was, and nothing was changed', async () => {
    const now = await progressOf(run);
    expect(now.state).toBe('waiting for approval');
    expect(now.gates).toEqual([gate]);
    expect(now.paused ?? now.aborting).toBeUndefined();
    expect(world.changes()).toEqual([]);
  });

  it('a good answer is taken, and an answer to a closed gate says what became of it', async () => {
    expect(await say(run, 'reject', answer({ reason: 'wrong week' }))).toBe('plan is rejected.');
    const report = await run.result();
    expect(report.outcome).toBe('rejected');
    expect(world.changes()).toEqual([]);
    expect((await auditOf(run)).find(({ what }) => what === 'rejected')).toMatchObject({
      by: 'alice',
      why: 'wrong week',
    });
  });

  it('the run says that it has ended', async () => {
    expect((await progressOf(run)).state).toBe('ended');
  });
});

describe('before there is a plan', () => {
  it('an approval that comes with the start is refused, since nobody can have seen what it approves', async () => {
    const early = await lab.client.workflow.signalWithStart('upgradeTrustAuthority', {
      workflowId: `vta-upgrade:${lab.infrastructure}`,
      taskQueue: lab.taskQueue,
      args: [hostsRequest(lab.infrastructure)],
      signal: 'approve',
      signalArgs: [answer()],
    });
    const open = await eventually('the gate', async () => (await progressOf(early)).gates[0]);
    const lines = await auditOf(early);
    expect(lines[0]).toMatchObject({ what: 'refused approve', by: 'alice' });
    expect(lines[0]?.why).toContain('The plan is still being made');
    expect(await say(early, 'abort', { by: 'alice', reason: 'seen enough' })).toContain('ends now');
    expect(open.approvals?.given).toEqual([]);
    await early.result();
  });
});
