import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON, type History } from '@temporalio/common/lib/proto-utils';

/** Every recorded history, by version and name. */
export function recordedHistories(): { name: string; text: string }[] {
  return readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(__dirname, name), 'utf8') }));
}

/** Fields that replay does not look at, and that tell where a history was recorded or only make it long. */
const LEFT_OUT = (
  'identity stackTrace taskId version requestId header userMetadata workerVersion meteringMetadata historySizeBytes ' +
  'inheritedBuildId prevAutoResetPoints useWorkflowBuildId retryPolicy heartbeatTimeout scheduleToCloseTimeout ' +
  'scheduleToStartTimeout startToCloseTimeout'
).split(' ');
/** What was asked for is compared by type and id only; queues of single workers hold the name of a machine. */
const LEFT_OUT_OF: Record<string, string[]> = {
  activityTaskScheduledEventAttributes: ['input', 'taskQueue'],
  startChildWorkflowExecutionInitiatedEventAttributes: ['input', 'taskQueue'],
  workflowTaskScheduledEventAttributes: ['taskQueue'],
};

/** Where the simulator listened. */
const SIMULATED = /127\.0\.0\.1:\d+/g;

/**
 * A history as it is kept: small, an event a line, and without the names of machines and folders.
 * @param replacements what else to replace, also inside of payloads
 */
export function cleanHistory(history: History, replacements: Record<string, string>): string {
  const replace = (text: string): string =>
    Object.entries(replacements)
      .reduce((changed, [from, to]) => changed.replaceAll(from, to), text)
      .replaceAll(SIMULATED, '192.0.2.1');
  const { events } = JSON.parse(historyToJSON(history)) as { events: object[] };
  const lines = events.map((event) => JSON.stringify(clean(event, replace)));
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

function clean(value: unknown, replace: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((one) => clean(one, replace));
  if (typeof value !== 'object' || value === null) return value;
  if ('data' in value && typeof value.data === 'string') return { ...value, data: encode(replace(decode(value.data))) };
  const leftOut = [...LEFT_OUT, ...(LEFT_OUT_OF[key] ?? [])];
  const kept = Object.entries(value).filter(([name]) => !leftOut.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, clean(inner, replace, name)]));
}

/** Every text in a kept history, payloads decoded. */
export function decodedTexts(text: string): string[] {
  const found: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (typeof value === 'string') found.push(key === 'data' ? decode(value) : value);
    return value;
  });
  return found;
}

function decode(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
