import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createTransport, type Transport } from '../../../../src/vsphere/transport';
import { makeCertificate } from '../../support/certificates';

const VERSION = 'v0.18.0';
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'vta-upgrade', `vcsim-${VERSION}`);
const BINARY = join(CACHE, process.platform === 'win32' ? 'vcsim.exe' : 'vcsim');

/** True if vcsim was built before, so that it needs no Go. */
export function vcsimIsBuilt(): boolean {
  return existsSync(BINARY);
}

/** Builds vcsim of govmomi (Apache-2.0) into the user's cache, unless it is there; about half a minute. */
export async function buildVcsim(): Promise<void> {
  if (vcsimIsBuilt()) return;
  mkdirSync(CACHE, { recursive: true });
  const directory = mkdtempSync(join(CACHE, 'build-'));
  try {
    const env = { ...process.env, GOBIN: directory, GOFLAGS: '' };
    await promisify(execFile)('go', ['install', `github.com/vmware/govmomi/vcsim@${VERSION}`], { env, cwd: directory });
    const built = join(directory, 'vcsim');
    // A binary is run once before it is trusted: `-h` prints its usage.
    if (!spawnSync(built, ['-h']).stderr.includes('-standalone-host')) throw new Error('the built vcsim does not run');
    renameSync(built, BINARY);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A running vcsim with a fresh inventory: one stand-alone host, one cluster of three hosts, virtual machines. */
export interface Vcsim extends AsyncDisposable {
  /** The product's own transport, over TLS, trusting exactly the certificate that was made for this process. */
  readonly transport: Transport;
}

/** Starts vcsim on a free port with a certificate of ours. */
export async function startVcsim(): Promise<Vcsim> {
  const { cert, key } = makeCertificate();
  const directory = mkdtempSync(join(tmpdir(), 'vcsim-'));
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const server = spawn(BINARY, ['-httptest.serve=127.0.0.1:0', '-tlscert', certFile, '-tlskey', keyFile], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Its datastores are directories there, which it does not remove when it is killed.
    env: { ...process.env, TMPDIR: directory },
  });
  const exited = once(server, 'exit');
  const port = await Promise.race([
    portOf(server.stdout),
    exited.then(([code]) => Promise.reject(new Error(`vcsim ended with code ${String(code)}`))),
  ]);
  const transport = createTransport({ url: `https://127.0.0.1:${port}`, trust: { kind: 'ca', pem: cert } });
  return {
    transport,
    [Symbol.asyncDispose]: async () => {
      transport.close();
      server.kill('SIGKILL');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** It prints `export GOVC_URL=https://user:pass@127.0.0.1:40001/sdk …` once it listens. */
async function portOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const port = /GOVC_URL=https:\/\/[^/]*:(\d+)\//.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error('vcsim did not say where it listens');
}
