import type { ClientRequest, IncomingMessage } from 'node:http';
import { ApiFault, NotSent, OutcomeUnknown, type UnknownReason } from './errors';
import type { HttpResponse } from './transport';

/** One request under way: what is needed to send it and to describe how it ended. */
export interface Exchange {
  readonly operation: string;
  readonly origin: string;
  readonly body: Buffer | string | undefined;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly maxResponseBytes: number;
}

/**
 * Sends a prepared request and reads its answer, keeping apart "never written" and "may have arrived".
 *
 * The border is Node's `socket` event: the agent hands over only connected and verified sockets, and Node writes the
 * first byte right after this event. Before it, nothing was sent; from it on we do not claim to know.
 */
export function exchange(outgoing: ClientRequest, call: Exchange): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    let handed = false;
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (error: Error): void => {
      settle(() => reject(error));
      outgoing.destroy();
    };
    const lost = (reason: UnknownReason, detail: string, cause?: unknown): void =>
      fail(new OutcomeUnknown(call.operation, reason, `${call.origin}: ${detail}`, { cause }));
    const stop = (reason: 'deadline' | 'cancelled', detail: string, cause?: unknown): void =>
      handed
        ? lost(reason, detail, cause)
        : fail(new NotSent(call.operation, reason, `${call.origin}: ${detail}`, { cause }));
    const onAbort = (): void => stop('cancelled', 'cancelled by the caller', call.signal?.reason);
    const timer = setTimeout(() => stop('deadline', `no answer within ${call.deadlineMs} ms`), call.deadlineMs);
    call.signal?.addEventListener('abort', onAbort, { once: true });

    outgoing.once('socket', () => (handed = true));
    // Stays for ever: a request that was given up may report its error later.
    outgoing.on('error', (error) => {
      if (handed) lost(isParserError(error) ? 'answer-broken' : 'connection-lost', error.message, error);
      else if (error instanceof NotSent)
        fail(new NotSent(call.operation, error.reason, error.detail, { cause: error.cause }));
      else fail(new NotSent(call.operation, 'connection-lost', `${call.origin}: ${error.message}`, { cause: error }));
    });
    outgoing.once('response', (incoming) => {
      readAnswer(incoming, call, {
        done: (response) => settle(() => resolve(response)),
        fail,
        lost,
      });
    });
    outgoing.end(call.body);
  });
}

interface AnswerSink {
  done(response: HttpResponse): void;
  fail(error: Error): void;
  lost(reason: UnknownReason, detail: string, cause?: unknown): void;
}

function readAnswer(incoming: IncomingMessage, call: Exchange, sink: AnswerSink): void {
  const status = incoming.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    const messages = ['redirects are not followed: give the address of the server itself'];
    sink.fail(new ApiFault(call.operation, { status, errorType: undefined, messages }));
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > call.maxResponseBytes) {
      sink.lost('answer-too-large', `the answer (status ${status}) has more than ${call.maxResponseBytes} bytes`);
    } else {
      chunks.push(chunk);
    }
  });
  let broke: Error | undefined;
  incoming.on('error', (error) => (broke = error));
  const finish = (): void => {
    // `complete` is Node's word for "the body ended where its framing said"; neither `end` nor `close` says so.
    if (!incoming.complete) {
      sink.lost('body-cut-short', `the answer (status ${status}) broke off after ${size} bytes`, broke);
      return;
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const delimited = 'content-length' in headers || 'transfer-encoding' in headers || status === 204;
    sink.done({ status, headers, body: Buffer.concat(chunks), delimited });
  };
  incoming.once('end', finish).once('close', finish);
}

/** True for what Node's HTTP parser says about bytes that are no HTTP (`HPE_…`). */
function isParserError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && error.code.startsWith('HPE_');
}
