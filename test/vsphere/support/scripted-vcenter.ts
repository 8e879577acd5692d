import type { PollTools, TaskBeat } from '../../../src/vsphere/task-poll';
import { VCenter } from '../../../src/vsphere/vcenter';
import { json, startRawServer, type RawRequest, type RawServer } from './raw-server';

/** A vCenter client in front of a server whose answers (after the login) are written by the test. */
export interface ScriptedVCenter extends AsyncDisposable {
  readonly vCenter: VCenter;
  /** All requests but those for the session. */
  readonly requests: () => RawRequest[];
  readonly server: RawServer;
}

/** @param answer gives the bytes of the answer, or nothing to cut the connection */
export async function scriptedVCenter(
  answer: (request: RawRequest, index: number) => string | undefined,
): Promise<ScriptedVCenter> {
  let index = 0;
  const server = await startRawServer((socket, request) => {
    if (request.path === '/api/session') {
      socket.write(request.method === 'POST' ? json(201, 'token') : json(204, undefined));
      return;
    }
    const bytes = answer(request, index++);
    if (bytes === undefined) socket.destroy();
    else socket.write(bytes);
  });
  const endpoint = { url: server.url, trust: { kind: 'ca', pem: server.certificate.cert } } as const;
  const vCenter = new VCenter(endpoint, async () => ({ username: 'u', password: 'p' }));
  return {
    vCenter,
    requests: () => server.requests.filter(({ path }) => path !== '/api/session'),
    server,
    [Symbol.asyncDispose]: async () => {
      await vCenter.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Time that passes only by sleeping, and a record of sleeps and heartbeats. */
export function virtualTime(): PollTools & { readonly slept: number[]; readonly beats: TaskBeat[] } {
  let now = 0;
  const slept: number[] = [];
  const beats: TaskBeat[] = [];
  return {
    slept,
    beats,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
    heartbeat: (beat) => void beats.push(beat),
  };
}
