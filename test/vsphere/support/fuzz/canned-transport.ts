import type { HttpRequest, HttpResponse, Transport } from '../../../../src/vsphere/transport';

/** A transport that has the answers at hand: what is read is judged here, not how it came. */
export function cannedTransport(answer: (request: HttpRequest) => HttpResponse): Transport {
  return {
    origin: 'https://canned.invalid',
    send: async (request) => answer(request),
    close: () => undefined,
  };
}

export function canned(status: number, body: Buffer | string, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: Buffer.from(body), delimited: true };
}
