import { createHash } from 'node:crypto';
import { AnswerNotUnderstood, LoginRefused } from './errors';
import { readFault } from './rest-answer';
import type { CredentialsSource } from './rest-session';
import { presentedCertificate, type PresentedCertificate } from './tls';
import { createTransport, type CallOptions, type Endpoint, type Transport } from './transport';
import { VimClient } from './vim/vim-client';

/** A base-image file as a host gave it. */
export interface ImageDatabase {
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

const EXPORT = 'GET /boot_imgdb.tgz';
/** Such a file has a few megabytes; this is far above, and far below what would hurt the worker. */
const MAX_BYTES = 256 * 1024 * 1024;
const DEADLINE_MS = 5 * 60_000;

/** One ESXi host, spoken to directly (not through its vCenter). */
export class EsxiHost {
  /** vim25 of the host itself: its inventory holds the host and nothing else. */
  readonly vim: VimClient;
  readonly #transport: Transport;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly credentials: CredentialsSource,
  ) {
    this.#transport = createTransport(endpoint);
    this.vim = new VimClient({ transport: this.#transport, credentials });
  }

  /** The certificate that it presents, and whether the endpoint's trust accepts it. Sends nothing. @throws NotSent */
  async certificate(): Promise<PresentedCertificate> {
    const { hostname, port } = new URL(this.endpoint.url);
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
    return await presentedCertificate(target, this.endpoint.trust);
  }

  /**
   * `GET https://{host}/boot_imgdb.tgz` with Basic authentication · repeatable. The metadata of the image that the host
   * has, for the import into a Trust Authority Cluster (R5, R28). After a Quick Boot it is the latest image, not the one
   * that the host attests with (R16). Whether the file needs authentication is not documented: it is always sent.
   * @throws LoginRefused for wrong credentials, AnswerNotUnderstood if it is no gzip file
   */
  async imageDatabase(options: CallOptions = {}): Promise<ImageDatabase> {
    const { username, password } = await this.credentials();
    const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    const response = await this.#transport.send(
      { method: 'GET', path: '/boot_imgdb.tgz', headers: { authorization }, maxResponseBytes: MAX_BYTES },
      { signal: options.signal, deadlineMs: options.deadlineMs ?? DEADLINE_MS },
    );
    const fault = response.status === 200 ? undefined : readFault(EXPORT, response);
    if (fault?.status === 401) throw new LoginRefused(EXPORT, fault);
    if (fault !== undefined) throw fault;
    // A login page with status 200 must not end as a base image.
    if (response.body[0] !== 0x1f || response.body[1] !== 0x8b) {
      throw new AnswerNotUnderstood(EXPORT, '', 'is not a gzip file');
    }
    return { bytes: response.body, sha256: createHash('sha256').update(response.body).digest('hex') };
  }

  /** Closes the connections. */
  close(): void {
    this.#transport.close();
  }
}
