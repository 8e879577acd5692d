import type { Hold } from '../model/hold';
import type { HoldCheck } from '../model/infrastructure';
import { createTransport, type CallOptions, type HttpResponse } from '../vsphere/transport';
import { trustOf } from './connections';
import { readPrometheusAnswer } from './prometheus-answer';

/** No sentence for people is longer. */
const LONGEST_REASON = 300;
/** An endpoint has a sentence to say; what Prometheus found may be a long list. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

/**
 * Asks one check whether it holds the run (M18). What cannot be asked, or is not understood, holds too: unknown is no go.
 * Each time over a connection of its own, so that one that was closed meanwhile is not taken for a check that fails.
 * @param token called when it is needed; what it fails with is the reason then
 * @returns undefined for "go"
 */
export async function askHoldCheck(
  check: HoldCheck,
  token: () => Promise<string | undefined>,
  options: CallOptions,
): Promise<Hold | undefined> {
  let secret: string | undefined;
  let reason: string | undefined;
  try {
    secret = await token();
    reason = 'url' in check ? judge(await get(check, check.url, secret, options)) : await query(check, secret, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    reason = `unknown: ${error instanceof Error ? error.message : String(error)}`;
  }
  return reason === undefined ? undefined : { name: check.name, reason: printable(reason, secret) };
}

async function get(
  { name, tls }: HoldCheck,
  address: string,
  token: string | undefined,
  options: CallOptions,
): Promise<HttpResponse> {
  const { origin, pathname, search } = new URL(address);
  const transport = createTransport({ url: origin, trust: await trustOf(tls) });
  try {
    return await transport.send(
      {
        method: 'GET',
        path: pathname + search,
        headers: { accept: '*/*', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        operation: `hold check "${name}"`,
        maxResponseBytes: LARGEST_ANSWER,
      },
      options,
    );
  } finally {
    transport.close();
  }
}

/** 2xx is "go"; the first line of anything else is the reason. */
function judge({ status, body }: HttpResponse): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const line = body
    .toString('utf8')
    .split(/[\r\n]+/)
    .find((text) => text.trim() !== '');
  return line === undefined ? `HTTP ${status}` : `${line.trim()} (HTTP ${status})`;
}

async function query(
  check: Extract<HoldCheck, { prometheus: unknown }>,
  token: string | undefined,
  options: CallOptions,
): Promise<string | undefined> {
  const { url, query: text } = check.prometheus;
  const response = await get(check, `${url}/api/v1/query?query=${encodeURIComponent(text)}`, token, options);
  const answer = readPrometheusAnswer(response.body.toString('utf8'));
  if ('unknown' in answer) return `unknown: ${answer.unknown} (HTTP ${response.status})`;
  if (response.status !== 200) return `unknown: Prometheus answered with HTTP ${response.status}`;
  return answer.found.length === 0 ? undefined : answer.found.join(', ');
}

/** A reason as it may be shown: one line, not too long, and never the token, should the check repeat it. */
function printable(reason: string, token: string | undefined): string {
  const without = token === undefined || token === '' ? reason : reason.replaceAll(token, '***');
  const line = without.replace(/\p{Cc}+/gu, ' ');
  return line.length <= LONGEST_REASON ? line : `${line.slice(0, LONGEST_REASON - 1)}…`;
}
