import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { askHoldCheck } from '../../src/activities/ask-hold-check';
import { readPrometheusAnswer } from '../../src/activities/prometheus-answer';
import type { HoldCheck } from '../../src/model/infrastructure';
import { GO, prometheusAnswer, startCheckServer, type CheckAnswer, type CheckServer } from '../support/check-server';
import { thumbprintOf } from '../support/infrastructure-file';

const QUERY = 'ALERTS{alertstate="firing"} & more';

function endpoint({ url, thumbprint }: CheckServer, tls: HoldCheck['tls'] = { thumbprint }): HoldCheck {
  return { name: 'freeze', url: `${url}/go?team=a%20b`, tls };
}

function prometheus({ url, thumbprint }: CheckServer): HoldCheck {
  return { name: 'alerts', prometheus: { url: `${url}/prom`, query: QUERY }, tls: { thumbprint } };
}

async function reasonOf(check: HoldCheck, deadlineMs = 5_000, token?: string): Promise<string | undefined> {
  const hold = await askHoldCheck(check, async () => await Promise.resolve(token), { deadlineMs });
  if (hold !== undefined) expect(hold.name).toBe(check.name);
  return hold?.reason;
}

describe('an endpoint', () => {
  it.each<[string, CheckAnswer]>([
    ['200', GO],
    ['204', { status: 204, body: '' }],
  ])('that answers %s is "go"', async (_what, answer) => {
    await using server = await startCheckServer(answer);
    expect(await reasonOf(endpoint(server))).toBeUndefined();
    expect(server.asked).toEqual([{ path: '/go?team=a%20b', authorization: undefined }]);
  });

  it.each<[string, CheckAnswer, string | RegExp]>([
    [
      'the first line of its answer',
      { status: 423, body: '\nchange freeze until Monday\r\nticket 4711' },
      'change freeze until Monday (HTTP 423)',
    ],
    ['its status when it says nothing', { status: 503, body: '' }, 'HTTP 503'],
    ['its status when it is not found', { status: 404, body: ' \n' }, 'HTTP 404'],
    ['unknown for a redirect', { status: 302, body: '' }, /^unknown: .*redirects are not followed/],
    ['a line of a sane length', { status: 500, body: 'x'.repeat(5_000) }, /^x{299}…$/],
    ['no control characters', { status: 500, body: 'a\u001b[31mb' }, 'a [31mb (HTTP 500)'],
  ])('holds with %s', async (_what, answer, reason) => {
    await using server = await startCheckServer(answer);
    expect(await reasonOf(endpoint(server))).toMatch(reason);
  });

  it('is sent the token, which no reason repeats', async () => {
    await using server = await startCheckServer({ status: 403, body: 'Bearer s3cret is not known' });
    expect(await reasonOf(endpoint(server), 5_000, 's3cret')).toBe('Bearer *** is not known (HTTP 403)');
    expect(server.asked[0]?.authorization).toBe('Bearer s3cret');
  });

  it('holds when its token cannot be had, and is not asked', async () => {
    await using server = await startCheckServer(GO);
    const token = async () => await Promise.reject(new Error('env:GO_TOKEN is not set'));
    expect(await askHoldCheck(endpoint(server), token, { deadlineMs: 5_000 })).toEqual({
      name: 'freeze',
      reason: 'unknown: env:GO_TOKEN is not set',
    });
    expect(server.asked).toEqual([]);
  });

  it('holds when it does not answer in time, or is not there', async () => {
    await using server = await startCheckServer();
    server.answer = undefined;
    expect(await reasonOf(endpoint(server), 300)).toMatch(/^unknown: .*no answer within 300 ms/);
    expect(await reasonOf({ ...endpoint(server), url: 'https://127.0.0.1:9/go' })).toMatch(
      /^unknown: .*127\.0\.0\.1:9/,
    );
  });

  it('is trusted by its CA file or thumbprint only; who is not trusted is told nothing', async () => {
    await using server = await startCheckServer(GO);
    const directory = mkdtempSync(path.join(tmpdir(), 'vta-upgrade-'));
    const caFile = path.join(directory, 'ca.pem');
    writeFileSync(caFile, server.pem);
    expect(await reasonOf(endpoint(server, { caFile }))).toBeUndefined();
    expect(await reasonOf(endpoint(server, {}), 5_000, 's3cret')).toMatch(/^unknown: .*certificate/);
    expect(await reasonOf(endpoint(server, { thumbprint: thumbprintOf('AB') }), 5_000, 's3cret')).toMatch(
      /^unknown: .*thumbprint/,
    );
    rmSync(directory, { recursive: true });
    expect(await reasonOf(endpoint(server, { caFile }))).toMatch(/^unknown: The CA file .* cannot be read/);
    expect(server.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  });
});

describe('a query of Prometheus', () => {
  it('that finds nothing is "go"', async () => {
    await using server = await startCheckServer(prometheusAnswer());
    expect(await reasonOf(prometheus(server), 5_000, 's3cret')).toBeUndefined();
    const { path: asked, authorization } = server.asked[0] ?? { path: 'nothing was asked' };
    expect(new URL(asked, server.url).pathname).toBe('/prom/api/v1/query');
    expect([...new URL(asked, server.url).searchParams]).toEqual([['query', QUERY]]);
    expect(authorization).toBe('Bearer s3cret');
  });

  it('that finds firing alerts holds with their names', async () => {
    const alert = (alertname: string, instance: string) => ({ __name__: 'ALERTS', alertname, instance });
    const found = [alert('HostDown', 'b'), alert('DiskFull', 'a'), alert('HostDown', 'c'), { __name__: 'up' }, {}];
    await using server = await startCheckServer(prometheusAnswer(...found));
    expect(await reasonOf(prometheus(server))).toBe('DiskFull, HostDown, the query found something without a name, up');
  });

  it('names ten of very many', () => {
    const found = Array.from({ length: 30 }, (_, index) => ({ alertname: `Alert${index + 10}` }));
    const read = readPrometheusAnswer(prometheusAnswer(...found).body);
    expect('found' in read && [read.found.length, read.found.at(-1)]).toEqual([11, '20 more']);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '<html>please log in</html>', /no JSON object/],
    ['a list', '[]', /no JSON object/],
    ['an error', '{"status":"error","errorType":"bad_data","error":"1:7: parse error"}', /1:7: parse error/],
    ['something else', '{"status":"ok"}', /does not say "success"/],
    ['no data', '{"status":"success"}', /does not give a vector/],
    ['a scalar', '{"status":"success","data":{"resultType":"scalar","result":[1,"0"]}}', /does not give a vector/],
    [
      'nothing of a part of its servers',
      '{"status":"success","warnings":["store b timed out"],"data":{"resultType":"vector","result":[]}}',
      /with a warning: store b timed out/,
    ],
  ])('whose answer is %s holds: unknown is no "go"', async (_what, body, reason) => {
    await using server = await startCheckServer({ status: 200, body });
    const said = await reasonOf(prometheus(server));
    expect(said).toMatch(/^unknown: /);
    expect(said).toMatch(reason);
  });

  it('that is answered with another status holds, whatever the answer says', async () => {
    await using server = await startCheckServer({ ...prometheusAnswer(), status: 503 });
    expect(await reasonOf(prometheus(server))).toBe('unknown: Prometheus answered with HTTP 503');
  });
});
