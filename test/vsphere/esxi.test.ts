import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { EsxiHost } from '../../src/vsphere/esxi';
import { startRawServer, type RawServer } from './support/raw-server';

const open: EsxiHost[] = [];
afterEach(() => {
  for (const host of open.splice(0)) host.close();
});

function host(server: RawServer): EsxiHost {
  const trust = { kind: 'thumbprint', sha256: server.certificate.sha256 } as const;
  const esxi = new EsxiHost({ url: server.url, trust }, async () => ({ username: 'root', password: 'pä:ss' }));
  open.push(esxi);
  return esxi;
}

const head = (status: number, length: number) => `HTTP/1.1 ${status} X\r\ncontent-length: ${length}\r\n\r\n`;

describe('the image database of an ESXi host', () => {
  it('comes byte for byte with its digest', async () => {
    const file = gzipSync(Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251)));
    await using server = await startRawServer((socket) => {
      socket.write(head(200, file.length));
      socket.write(file);
    });
    const read = await host(server).imageDatabase();
    expect(read.bytes.equals(file)).toBe(true);
    expect(read.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/boot_imgdb.tgz' });
    const [, basic = ''] = (server.requests[0]?.headers['authorization'] ?? '').split(' ');
    expect(Buffer.from(basic, 'base64').toString('utf8')).toBe('root:pä:ss');
  });

  it('that arrives only in part is no file', async () => {
    const file = gzipSync('x'.repeat(1000));
    await using server = await startRawServer((socket) => {
      socket.write(head(200, file.length));
      socket.end(file.subarray(0, 10));
    });
    await expect(host(server).imageDatabase()).rejects.toMatchObject({
      name: 'OutcomeUnknown',
      reason: 'body-cut-short',
    });
  });

  it('is not the page that a server sends instead of it', async () => {
    await using server = await startRawServer((socket) => socket.write(`${head(200, 14)}<html>login</h`));
    await expect(host(server).imageDatabase()).rejects.toMatchObject({ name: 'AnswerNotUnderstood' });
  });

  it.each([
    [401, 'LoginRefused'],
    [404, 'ApiFault'],
    [503, 'ApiFault'],
  ])('refused with %s is %s', async (status, name) => {
    await using server = await startRawServer((socket) => socket.write(head(status, 0)));
    const error = (await host(server)
      .imageDatabase()
      .catch((e: unknown) => e)) as Error;
    expect(error).toMatchObject({ name, status, operation: 'GET /boot_imgdb.tgz' });
    expect(error.message).not.toContain('pä');
  });
});
