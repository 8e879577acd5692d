import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/vsphere/rest-client';
import { pollTask } from '../../src/vsphere/task-poll';
import type { VCenter } from '../../src/vsphere/vcenter';
import { json } from './support/raw-server';
import { scriptedVCenter, virtualTime } from './support/scripted-vcenter';
import { applianceWires } from './wires/appliance-wires';
import { lifecycleWires } from './wires/lifecycle-wires';
import { trustChangeWires } from './wires/trust-change-wires';
import { trustWires } from './wires/trust-wires';
import { time } from './wires/wire';

const wires = { ...trustWires, ...trustChangeWires, ...lifecycleWires, ...applianceWires };

/** Whatever was read must hold at least this; `undefined` must be exactly that. */
function expectRead(read: unknown, gives: unknown): void {
  if (typeof gives === 'object' && gives !== null) expect(read).toMatchObject(gives);
  else expect(read).toBe(gives);
}

describe('on the wire', () => {
  it.each(Object.entries(wires))('%s', async (_name, wire) => {
    const done = { status: 'SUCCEEDED', start_time: time, end_time: time, result: wire.result?.of };
    await using s = await scriptedVCenter(({ path }) =>
      path === '/api/cis/tasks/id%3Asvc' ? json(200, done) : json(wire.status, wire.answer),
    );
    const given = await wire.call(s.vCenter);
    const [request, ...more] = s.requests();
    expect(more).toEqual([]);
    expect(`${request?.method} ${request?.path}`).toBe(wire.request);
    expect(request?.body).toBe(wire.body === undefined ? '' : JSON.stringify(wire.body));
    expect(request?.headers['content-type']).toBe(wire.body === undefined ? undefined : 'application/json');
    expectRead(given, wire.gives);
    if (wire.result === undefined) return;
    const pace = { everyMs: 10, deadlineMs: 100 };
    expectRead(await pollTask(s.vCenter.tasks, given as Task<unknown>, pace, virtualTime()), wire.result.gives);
  });

  it('every method of every client is in this table', async () => {
    await using s = await scriptedVCenter(() => undefined);
    const tested = new Set(Object.keys(wires).map((name) => name.replace(/,.*/, '')));
    const methodsOf = (client: object) => Object.getOwnPropertyNames(Object.getPrototypeOf(client) as object);
    const missing = Object.entries(s.vCenter as unknown as Record<string, object>)
      .filter(([name]) => name !== 'transport' && name !== 'session')
      .flatMap(([name, client]) => methodsOf(client).map((method) => `${name}.${method}`))
      .filter((method) => !method.endsWith('.constructor') && method !== 'tasks.look' && !tested.has(method));
    expect(missing).toEqual([]);
  });
});

describe('requests that would mean more than was said are refused before they are sent', () => {
  const refused: [string, (vCenter: VCenter) => unknown, RegExp][] = [
    [
      'an apply without hosts',
      (v) => v.lifecycle.apply('c', { commit: '4', hosts: JSON.parse('[]') as never }),
      /all hosts/,
    ],
    ['a stage of a nameless host', (v) => v.lifecycle.stage('c', { commit: '4', hosts: [''] }), /all hosts/],
    ['an apply without a commit', (v) => v.lifecycle.apply('c', { commit: '', hosts: ['h'] }), /commit/],
    ['the removal of a nameless base image', (v) => v.baseImages.remove('c', ''), /id is missing/],
    ['the removal of a base image called ..', (v) => v.baseImages.remove('c', '..'), /id is missing/],
    ['the import of an empty file', (v) => v.baseImages.importFromImgdb('c', Buffer.alloc(0)), /empty file/],
    ['the machines of a nameless host', (v) => v.inventory.vmsOfHost(''), /all machines/],
  ];
  it.each(refused)('%s', async (_what, call, message) => {
    await using s = await scriptedVCenter(() => json(202, 'id:svc'));
    expect(() => call(s.vCenter)).toThrow(message);
    expect(s.server.connections()).toBe(0);
  });
});
