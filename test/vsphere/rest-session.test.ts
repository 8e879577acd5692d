import { afterEach, describe, expect, it, vi } from 'vitest';
import { nothing } from '../../src/vsphere/decode';
import { RestClient } from '../../src/vsphere/rest-client';
import { RestSession } from '../../src/vsphere/rest-session';
import { createTransport, type Transport } from '../../src/vsphere/transport';
import { json, startRawServer, type Answer, type RawRequest, type RawServer } from './support/raw-server';

const open: Transport[] = [];
afterEach(() => {
  for (const transport of open.splice(0)) transport.close();
});

/** A session with the credentials `tester` / `s3cret`, counting how often they are asked for. */
function session(server: RawServer): { session: RestSession; asked: () => number } {
  const transport = createTransport({ url: server.url, trust: { kind: 'ca', pem: server.certificate.cert } });
  open.push(transport);
  let asked = 0;
  const credentials = async () => {
    asked++;
    return { username: 'tester', password: 's3cret' };
  };
  return { session: new RestSession(transport, credentials), asked: () => asked };
}

const UNAUTHENTICATED = json(401, { error_type: 'UNAUTHENTICATED', messages: [] });
const THING = { method: 'GET', path: '/api/thing', operation: 'GET /api/thing' } as const;
const CHANGE = { method: 'POST', path: '/api/thing', body: '{}', operation: 'POST /api/thing' } as const;

/** A server that hands out t1, t2, … and accepts only the last one. */
function tokens(onRequest: (request: RawRequest, valid: boolean) => string): Answer & { expire: () => void } {
  let issued = 0;
  let valid = '';
  const answer: Answer = (socket, request) => {
    if (request.path === '/api/session' && request.method === 'POST') {
      valid = `t${++issued}`;
      socket.write(json(201, valid));
    } else {
      socket.write(onRequest(request, request.headers['vmware-api-session-id'] === valid));
    }
  };
  return Object.assign(answer, { expire: () => (valid = 'none') });
}

const paths = (server: RawServer): string[] => server.requests.map(({ method, path }) => `${method} ${path}`);

describe('a session', () => {
  it('logs in with Basic once and sends the token from then on', async () => {
    await using server = await startRawServer(tokens(() => json(200, 1)));
    const { session: s } = session(server);
    await s.request(THING);
    await s.request(THING);
    expect(paths(server)).toEqual(['POST /api/session', 'GET /api/thing', 'GET /api/thing']);
    expect(server.requests[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('tester:s3cret').toString('base64')}`,
    );
    expect(server.requests[1]?.headers['vmware-api-session-id']).toBe('t1');
    expect(server.requests[1]?.headers).not.toHaveProperty('authorization');
  });

  it.each([THING, CHANGE])('that expires is renewed and $operation repeated once', async (request) => {
    const answer = tokens((_request, valid) => (valid ? json(200, 1) : UNAUTHENTICATED));
    await using server = await startRawServer(answer);
    const { session: s } = session(server);
    await s.request(request);
    answer.expire();
    await s.request(request);
    const again = `${request.method} /api/thing`;
    expect(paths(server)).toEqual(['POST /api/session', again, again, 'POST /api/session', again]);
    expect(server.requests.at(-1)?.body).toBe(server.requests[1]?.body);
  });

  it('that is not accepted right after a login is an error, not a loop', async () => {
    await using server = await startRawServer(tokens(() => UNAUTHENTICATED));
    const { session: s } = session(server);
    const error = await s.request(THING).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'ApiFault', status: 401, errorType: 'UNAUTHENTICATED' });
    expect(paths(server).filter((path) => path === 'POST /api/session')).toHaveLength(2);
  });

  it('is opened once for many callers, and renewed once for many callers', async () => {
    const answer = tokens((_request, valid) => (valid ? json(200, 1) : UNAUTHENTICATED));
    await using server = await startRawServer(answer);
    const { session: s, asked } = session(server);
    await Promise.all([1, 2, 3, 4, 5].map(() => s.request(THING)));
    expect(asked()).toBe(1);
    answer.expire();
    await Promise.all([1, 2, 3, 4, 5].map(() => s.request(THING)));
    expect(asked()).toBe(2);
  });

  it('is not thrown away by a late refusal of the one before it', async () => {
    let late = (): void => undefined;
    const answer = tokens((_request, valid) => (valid ? json(200, 1) : UNAUTHENTICATED));
    await using server = await startRawServer((socket, request, index) => {
      const respond = (): void => answer(socket, request, index);
      if (request.method === 'POST' && request.path === '/api/thing' && index === 2) late = respond;
      else respond();
    });
    const { session: s, asked } = session(server);
    await s.request(THING);
    answer.expire();
    const slow = s.request(CHANGE);
    await vi.waitUntil(() => server.requests.length === 3, { timeout: 20_000 });
    await s.request(THING);
    expect(asked()).toBe(2);
    late();
    expect((await slow).status).toBe(200);
    expect(asked()).toBe(2);
  });

  it('keeps its other callers when one of them gives up during the login', async () => {
    let letIn = (): void => undefined;
    await using server = await startRawServer((socket, request) => {
      if (request.path === '/api/session') letIn = () => socket.write(json(201, 't1'));
      else socket.write(json(200, 1));
    });
    const { session: s } = session(server);
    const patient = s.request(THING);
    const controller = new AbortController();
    const leaving = s.request(CHANGE, { signal: controller.signal }).catch((e: unknown) => e);
    const hasty = s.request(CHANGE, { deadlineMs: 60 }).catch((e: unknown) => e);
    controller.abort();
    expect(await leaving).toMatchObject({ name: 'NotSent', reason: 'cancelled', operation: 'POST /api/thing' });
    expect(await hasty).toMatchObject({ name: 'NotSent', reason: 'deadline', operation: 'POST /api/thing' });
    await vi.waitUntil(() => server.requests.length === 1, { timeout: 20_000 });
    letIn();
    expect((await patient).status).toBe(200);
    expect(paths(server)).toEqual(['POST /api/session', 'GET /api/thing']);
  });
});

describe('a login', () => {
  it('with a wrong password is refused, and not tried again by itself', async () => {
    await using server = await startRawServer((socket) => socket.write(UNAUTHENTICATED));
    const { session: s } = session(server);
    const errors = await Promise.all([1, 2, 3].map(() => s.request(THING).catch((e: unknown) => e)));
    for (const error of errors) expect(error).toMatchObject({ name: 'LoginRefused', status: 401 });
    expect(paths(server)).toEqual(['POST /api/session']);
  });

  it('that failed because the service is not up is tried again by the next request', async () => {
    let up = false;
    await using server = await startRawServer((socket, request) => {
      if (request.path !== '/api/session') socket.write(json(200, 1));
      else socket.write(up ? json(201, 't1') : json(503, { error_type: 'SERVICE_UNAVAILABLE', messages: [] }));
    });
    const { session: s } = session(server);
    expect(await s.request(THING).catch((e: unknown) => e)).toMatchObject({ name: 'ApiFault', status: 503 });
    up = true;
    expect((await s.request(THING)).status).toBe(200);
  });

  it('whose credentials cannot be resolved fails with that reason and sends nothing', async () => {
    await using server = await startRawServer((socket) => socket.write(json(201, 't1')));
    const transport = createTransport({ url: server.url, trust: { kind: 'ca', pem: server.certificate.cert } });
    open.push(transport);
    const s = new RestSession(transport, () => Promise.reject(new Error('env:TA_VC_PASSWORD is not set')));
    await expect(s.request(THING)).rejects.toThrow('env:TA_VC_PASSWORD is not set');
    expect(server.connections()).toBe(0);
  });

  it.each([{ token: 1 }, '', 'with\r\nline', null])(
    'that answers with %j instead of a token is not understood',
    async (body) => {
      await using server = await startRawServer((socket) => socket.write(json(201, body)));
      const { session: s } = session(server);
      const error = (await s.request(THING).catch((e: unknown) => e)) as Error;
      expect(error).toMatchObject({ name: 'AnswerNotUnderstood', operation: 'POST /api/session' });
      expect(error.message).not.toContain('with');
    },
  );
});

describe('a logout', () => {
  it('ends the session at the server, and the next request logs in again', async () => {
    await using server = await startRawServer(
      tokens(({ method }) => (method === 'DELETE' ? json(204, undefined) : json(200, 1))),
    );
    const { session: s } = session(server);
    await s.logout();
    await s.request(THING);
    await s.logout();
    await s.request(THING);
    expect(paths(server)).toEqual([
      'POST /api/session',
      'GET /api/thing',
      'DELETE /api/session',
      'POST /api/session',
      'GET /api/thing',
    ]);
  });

  it('of a session that the server has forgotten is fine', async () => {
    await using server = await startRawServer(
      tokens(({ method }) => (method === 'DELETE' ? UNAUTHENTICATED : json(200, 1))),
    );
    const { session: s } = session(server);
    await s.request(THING);
    await expect(s.logout()).resolves.toBeUndefined();
  });
});

describe('an answer that is lost', () => {
  it.each([
    ['before it begins', ''],
    ['in the middle', 'HTTP/1.1 202 X\r\ncontent-length: 40\r\n\r\n"5f3c'],
    ['without a word about its end', 'HTTP/1.1 202 X\r\n\r\n"5f3c'],
  ])('%s leaves the outcome open, and the request is not sent again', async (_when, bytes) => {
    await using server = await startRawServer((socket, { path }) => {
      if (path === '/api/session') socket.write(json(201, 't1'));
      else socket.end(bytes);
    });
    const rest = new RestClient(session(server).session);
    const error = await rest.start({ method: 'POST', path: '/api/thing', body: {} }, nothing).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'OutcomeUnknown', operation: 'POST /api/thing' });
    expect(paths(server)).toEqual(['POST /api/session', 'POST /api/thing?vmw-task=true']);
  });
});

describe('errors of a request', () => {
  it('carry what the server said, and neither password nor token', async () => {
    const said = {
      error_type: 'RESOURCE_BUSY',
      messages: [{ id: 'a.b', default_message: 'busy: %s', localized: 'busy: x' }],
      data: { k: 1 },
    };
    await using server = await startRawServer(tokens(() => json(500, said, { 'x-request-id': 'r-7' })));
    const { session: s } = session(server);
    const error = (await s.request(CHANGE).catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({
      name: 'ApiFault',
      status: 500,
      errorType: 'RESOURCE_BUSY',
      messages: ['busy: x'],
      messageIds: ['a.b'],
      data: { k: 1 },
      requestId: 'r-7',
    });
    expect(`${error.message}${JSON.stringify(error)}${error.stack}`).not.toMatch(/s3cret|czNjcmV0|t1/);
  });

  it('from a proxy in front of the service have no type and no made-up one', async () => {
    await using server = await startRawServer(
      tokens(() => 'HTTP/1.1 503 X\r\ncontent-type: text/html\r\ncontent-length: 9\r\n\r\n<h1>503</'),
    );
    const error = await session(server)
      .session.request(THING)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'ApiFault', status: 503, errorType: undefined, messages: [] });
  });
});
