/** Names of so many alerts are shown. */
const MOST_NAMES = 10;

/**
 * What the answer of an instant query of Prometheus means: nothing found is "go".
 * See https://prometheus.io/docs/prometheus/latest/querying/api/ (instant queries, format overview).
 * @param text the body of `GET /api/v1/query`, whatever its status
 * @returns the reasons of a hold; `unknown` with what is wrong for anything that is not plainly a result
 */
export function readPrometheusAnswer(text: string): { found: string[] } | { unknown: string } {
  const answer = parse(text);
  if (!isObject(answer)) return { unknown: 'the answer is no JSON object of Prometheus' };
  if (answer['status'] !== 'success') {
    const { error } = answer;
    return { unknown: typeof error === 'string' ? error : 'the answer does not say "success"' };
  }
  const { data, warnings } = answer;
  if (!isObject(data) || data['resultType'] !== 'vector' || !Array.isArray(data['result']))
    return { unknown: 'the query does not give a vector: write it as a comparison or a selection' };
  const result: unknown[] = data['result'];
  if (result.length > 0) return { found: namesOf(result) };
  // A part of the servers did not answer: that nothing was found proves nothing.
  if (Array.isArray(warnings) && warnings.length > 0)
    return { unknown: `nothing was found, but with a warning: ${String(warnings[0])}` };
  return { found: [] };
}

function namesOf(result: unknown[]): string[] {
  const names = [...new Set(result.map(nameOf))].sort();
  if (names.length <= MOST_NAMES) return names;
  return [...names.slice(0, MOST_NAMES), `${names.length - MOST_NAMES} more`];
}

function nameOf(sample: unknown): string {
  const metric = isObject(sample) && isObject(sample['metric']) ? sample['metric'] : {};
  const name = metric['alertname'] ?? metric['__name__'];
  return typeof name === 'string' && name !== '' ? name : 'the query found something without a name';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
