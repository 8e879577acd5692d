import { once } from 'node:events';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../vsphere/support/certificates';

/** What a check answers. */
export interface CheckAnswer {
  status: number;
  body: string;
}

/** Something that may hold a run: a real HTTPS server that answers what the test tells it to. */
export interface CheckServer extends AsyncDisposable {
  url: string;
  /** SHA-256 thumbprint of its certificate. */
  thumbprint: string;
  /** PEM of its certificate, which is its own authority. */
  pem: string;
  /** What it answers from now on; undefined: nothing, it lets whoever asks wait. */
  answer: CheckAnswer | undefined;
  /** What it was asked: path with query, and the Authorization header. */
  asked: { path: string; authorization: string | undefined }[];
}

export const GO: CheckAnswer = { status: 200, body: 'go\n' };

export async function startCheckServer(answer: CheckAnswer | undefined = GO): Promise<CheckServer> {
  const { cert, key, sha256 } = makeCertificate();
  const asked: CheckServer['asked'] = [];
  const server = https.createServer({ cert, key }, (request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    if (checks.answer !== undefined) response.writeHead(checks.answer.status).end(checks.answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const checks: CheckServer = {
    url: `https://localhost:${port}`,
    thumbprint: sha256,
    pem: cert,
    answer,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return checks;
}

/** The answer of Prometheus to an instant query that found samples with these labels. */
export function prometheusAnswer(...found: Record<string, string>[]): CheckAnswer {
  const result = found.map((metric) => ({ metric, value: [1_770_000_000.123, '1'] }));
  return { status: 200, body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
}
