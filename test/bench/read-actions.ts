/** Actions as Temporal Cloud bills them, from a server's own counter. */
export interface Actions {
  /** Without heartbeats, queries, and what the server does for itself. */
  billable: number;
  /** Queries: what the benchmark asks, not what the product does. */
  asked: number;
  heartbeats: number;
  /** By kind, for people. */
  table: string;
}

const LINE = /^action\{(.*)\} (\d+)$/;

/** @param url of the server's metrics, in the format of Prometheus */
export async function readActions(url: string): Promise<Actions> {
  const answer = await fetch(url);
  const counted = new Map<string, number>();
  for (const line of (await answer.text()).split('\n')) {
    const [, labels = '', count = '0'] = LINE.exec(line) ?? [];
    if (!labels.includes('namespace="default"')) continue;
    const kind = /action_type="([^"]*)"/.exec(labels)?.[1] ?? 'unknown';
    counted.set(kind, (counted.get(kind) ?? 0) + Number(count));
  }
  const sum = (wanted: (kind: string) => boolean) =>
    [...counted].reduce((total, [kind, count]) => (wanted(kind) ? total + count : total), 0);
  const isHeartbeat = (kind: string) => /heartbeat/i.test(kind);
  const isQuery = (kind: string) => /query/i.test(kind);
  return {
    billable: sum((kind) => !isHeartbeat(kind) && !isQuery(kind)),
    asked: sum(isQuery),
    heartbeats: sum(isHeartbeat),
    table: [...counted]
      .toSorted(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', '),
  };
}
