import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Task } from '../../src/vsphere/rest-client';
import { pollTask } from '../../src/vsphere/task-poll';
import { answerOf, bodyProblems, findOperation } from './support/contract';
import { json } from './support/raw-server';
import { scriptedVCenter, virtualTime, type ScriptedVCenter } from './support/scripted-vcenter';
import { applianceWires } from './wires/appliance-wires';
import { lifecycleWires } from './wires/lifecycle-wires';
import { trustChangeWires } from './wires/trust-change-wires';
import { trustWires } from './wires/trust-wires';
import { time } from './wires/wire';

/**
 * The clients against the contract, which is derived from VMware's own bindings: each request is one of its operations
 * with the parameters and the body that it has, and whatever answer it allows is understood.
 */
const wires = Object.entries({ ...trustWires, ...trustChangeWires, ...lifecycleWires, ...applianceWires });

const RUNS = 6;

describe('a request', () => {
  it.each(wires)('of %s is in the contract', (_name, wire) => {
    const { operation, problems } = findOperation(wire.request);
    expect([...problems, ...bodyProblems(operation, wire.body)]).toEqual([]);
    expect(wire.status).toBe(operation.status);
  });
});

describe('any answer that the contract allows', () => {
  let answer: { status: number; body: unknown } = { status: 500, body: null };
  let result: unknown;
  let server: ScriptedVCenter;
  beforeAll(async () => {
    server = await scriptedVCenter(({ path }) =>
      path === '/api/cis/tasks/id%3Asvc'
        ? json(200, { status: 'SUCCEEDED', start_time: time, end_time: time, result })
        : json(answer.status, answer.body),
    );
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it.each(wires)('is understood by %s', async (_name, wire) => {
    const { operation } = findOperation(wire.request);
    const isTask = operation.status === 202;
    const type = operation.result;
    const answers = type === 'void' ? fc.constant(undefined) : answerOf(type, operation.types);
    await fc.assert(
      fc.asyncProperty(answers, async (any) => {
        result = any;
        answer = { status: operation.status, body: isTask ? 'id:svc' : any };
        const given = await wire.call(server.vCenter);
        if (!isTask) return;
        const pace = { everyMs: 10, deadlineMs: 100 };
        await pollTask(server.vCenter.tasks, given as Task<unknown>, pace, virtualTime());
      }),
      { numRuns: type === 'void' ? 1 : RUNS },
    );
  });

  it('about a task is understood by tasks.look', async () => {
    const { operation } = findOperation('GET /api/cis/tasks/x');
    await fc.assert(
      fc.asyncProperty(answerOf(operation.result, operation.types), async (any) => {
        answer = { status: 200, body: any };
        const { status } = any as { status: string };
        const kind = status === 'SUCCEEDED' ? 'succeeded' : status === 'FAILED' ? 'failed' : 'running';
        expect((await server.vCenter.tasks.look('x')).kind).toBe(kind);
      }),
      { numRuns: 50 },
    );
  });
});
