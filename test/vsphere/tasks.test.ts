import { describe, expect, it } from 'vitest';
import { object, string } from '../../src/vsphere/decode';
import type { Task } from '../../src/vsphere/rest-client';
import { pollTask, runTask } from '../../src/vsphere/task-poll';
import { json } from './support/raw-server';
import { scriptedVCenter, virtualTime } from './support/scripted-vcenter';

const PACE = { everyMs: 1000, deadlineMs: 10_000 };
const task: Task<{ version: string }> = {
  id: 'a b/c:svc',
  operation: 'POST /api/thing',
  result: object({ version: string }),
};
const base = {
  service: 's',
  operation: 'o',
  description: { id: 'd', default_message: 'd', args: [] },
  cancelable: false,
};
const started = { ...base, start_time: '2024-05-01T10:00:00Z', progress: { total: 100, completed: 40, message: 'x' } };
const running = json(200, { ...started, status: 'RUNNING' });
const succeeded = json(200, { ...started, status: 'SUCCEEDED', result: { version: '8' } });
const failedWith = (error: unknown) => json(200, { ...started, status: 'FAILED', error });
const notFound = json(404, {
  error_type: 'NOT_FOUND',
  messages: [{ id: 'x', default_message: 'no such task', args: [] }],
});

describe('a look at a task', () => {
  it('encodes the id, and tells running from done', async () => {
    const answers = [json(200, { ...base, status: 'PENDING' }), running, json(200, { status: 'PAUSED' }), succeeded];
    await using s = await scriptedVCenter((_request, index) => answers[index]);
    const kinds: string[] = [];
    for (const _each of answers) kinds.push((await s.vCenter.tasks.look(task.id)).kind);
    expect(kinds).toEqual(['running', 'running', 'running', 'succeeded']);
    expect(s.requests()[0]?.path).toBe('/api/cis/tasks/a%20b%2Fc%3Asvc');
  });

  const object404 = { error_type: 'NOT_FOUND', messages: [{ id: 'i', default_message: 'gone' }] };
  it.each([
    ['an object', object404, 'NOT_FOUND', ['gone']],
    ['JSON in a string', JSON.stringify(object404), 'NOT_FOUND', ['gone']],
    ['a plain string', 'it broke', undefined, ['it broke']],
    ['nothing', undefined, undefined, []],
    ['a number', 7, undefined, []],
  ])('reads a failure whose error is %s', async (_what, error, errorType, messages) => {
    await using s = await scriptedVCenter(() => failedWith(error));
    const look = await s.vCenter.tasks.look(task.id);
    expect(look).toMatchObject({ kind: 'failed', fault: { status: undefined, errorType, messages } });
  });

  it('says gone for a record that has vanished, but not for a 404 of a proxy', async () => {
    const proxy = 'HTTP/1.1 404 X\r\ncontent-length: 2\r\n\r\nno';
    await using s = await scriptedVCenter((_request, index) => [notFound, proxy][index]);
    expect(await s.vCenter.tasks.look(task.id)).toEqual({ kind: 'gone' });
    await expect(s.vCenter.tasks.look(task.id)).rejects.toMatchObject({ name: 'ApiFault', status: 404 });
  });
});

describe('waiting for a task', () => {
  it('looks until it is done, ever less often, and beats with id and progress', async () => {
    await using s = await scriptedVCenter((_request, index) => (index < 5 ? running : succeeded));
    const time = virtualTime();
    expect(await pollTask(s.vCenter.tasks, task, PACE, time)).toEqual({ version: '8' });
    expect(time.slept).toEqual([100, 200, 400, 800, 1000]);
    expect(time.beats[0]).toEqual({ task: task.id, operation: task.operation });
    expect(time.beats[1]).toMatchObject({ task: task.id, status: 'RUNNING', completed: 40, total: 100 });
  });

  it('goes on while the server restarts and the session is lost', async () => {
    const answers = [
      running,
      undefined,
      json(503, { error_type: 'SERVICE_UNAVAILABLE', messages: [] }),
      json(500, { error_type: 'RESOURCE_BUSY', messages: [] }),
      json(401, { error_type: 'UNAUTHENTICATED', messages: [] }),
      succeeded,
    ];
    await using s = await scriptedVCenter((_request, index) => answers[index]);
    expect(await pollTask(s.vCenter.tasks, task, PACE, virtualTime())).toEqual({ version: '8' });
    expect(s.server.requests.filter(({ path }) => path === '/api/session')).toHaveLength(2);
  });

  it('fails with what the task says, as a fault without a status', async () => {
    await using s = await scriptedVCenter(() => failedWith({ error_type: 'ALREADY_EXISTS', messages: [] }));
    await expect(pollTask(s.vCenter.tasks, task, PACE, virtualTime())).rejects.toMatchObject({
      name: 'ApiFault',
      errorType: 'ALREADY_EXISTS',
      status: undefined,
      operation: 'POST /api/thing',
    });
  });

  it('knows nothing once the record is gone', async () => {
    await using s = await scriptedVCenter((_request, index) => (index === 0 ? running : notFound));
    await expect(pollTask(s.vCenter.tasks, task, PACE, virtualTime())).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      reason: 'task-gone',
    });
  });

  it('knows nothing once the deadline has passed, and says what was seen last', async () => {
    await using s = await scriptedVCenter(() => running);
    const time = virtualTime();
    await expect(pollTask(s.vCenter.tasks, task, PACE, time)).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      reason: 'deadline',
      detail: `task ${task.id} was last seen RUNNING`,
    });
    expect(time.now()).toBe(PACE.deadlineMs);
  });

  it('says at the deadline why it could not look any more', async () => {
    await using s = await scriptedVCenter((_request, index) => (index === 0 ? running : undefined));
    await expect(pollTask(s.vCenter.tasks, task, PACE, virtualTime())).rejects.toMatchObject({
      reason: 'deadline',
      detail: expect.stringMatching(/was last seen RUNNING, then was out of sight: .*connection-lost/) as string,
    });
  });

  it('gives up at once when it may not look', async () => {
    await using s = await scriptedVCenter(() => json(403, { error_type: 'UNAUTHORIZED', messages: [] }));
    const time = virtualTime();
    await expect(pollTask(s.vCenter.tasks, task, PACE, time)).rejects.toMatchObject({ errorType: 'UNAUTHORIZED' });
    expect(time.slept).toEqual([]);
  });

  it('names the field of a result that is not as it should be', async () => {
    await using s = await scriptedVCenter(() => json(200, { ...started, status: 'SUCCEEDED', result: { version: 8 } }));
    await expect(pollTask(s.vCenter.tasks, task, PACE, virtualTime())).rejects.toMatchObject({
      name: 'AnswerNotUnderstood',
      field: 'version',
      operation: 'POST /api/thing',
    });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    await using s = await scriptedVCenter(() => {
      controller.abort(new Error('enough'));
      return running;
    });
    const error = await pollTask(s.vCenter.tasks, task, PACE, virtualTime(), controller.signal).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'cancelled' });
  });

  it('runs a read that is a task from start to result', async () => {
    await using s = await scriptedVCenter(({ path }) =>
      path.startsWith('/api/cis/tasks/')
        ? json(200, { ...started, status: 'SUCCEEDED', result: { health: 'OK', details: [] } })
        : json(202, 'id:svc'),
    );
    const status = await runTask(
      s.vCenter.tasks,
      (options) => s.vCenter.trustAuthority.attestationStatus('domain-c8', options),
      PACE,
      virtualTime(),
    );
    expect(status).toEqual({ health: 'OK', details: [] });
  });
});

it('a task answer that is no id is not understood', async () => {
  await using s = await scriptedVCenter(() => json(202, { task: 1 }));
  await expect(s.vCenter.lifecycle.scan('domain-c8')).rejects.toMatchObject({ name: 'AnswerNotUnderstood' });
});
