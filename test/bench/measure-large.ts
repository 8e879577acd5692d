import type { WorkflowExecutionInfo } from '@temporalio/client';
import { large } from '../../simulator/scenarios/large';
import { PatientClient } from '../support/crash/patient-client';
import { atMost, type Figure } from './figure';
import { Parts } from './parts';
import { readActions } from './read-actions';
import { runUpgrade } from './run-upgrade';

const EVENTS_LIMIT = 4_000;
const ACTIONS_LIMIT = 40;
/** For how long a real host is in work: the waits of a shortened run are over too soon to count their heartbeats. */
const HOST_MINUTES = 30;

/** The scenario `large`: how long histories get, and what a host costs on Temporal Cloud. */
export async function measureLarge(): Promise<Figure[]> {
  await using parts = new Parts();
  const hosts = large.trustAuthority.cluster.hosts.count + (large.trusted[0]?.clusters[0]?.hosts.count ?? 0);
  const { ready } = await parts.simulator({ ...large, paceScale: 0.002 });
  const { address, metrics } = await parts.temporal();
  await parts.worker(address, ready);
  const people = await PatientClient.connect(address);
  try {
    const { wallMs } = await runUpgrade(people, ready, 30 * 60_000);
    const minutes = (wallMs / 60_000).toFixed(1);
    const all = await listAll(people, hosts);
    const { billable, asked, heartbeats, table } = await readActions(metrics);
    const waits = await waitsOfHosts(people, all, hosts);
    const aHost = billable / hosts;
    return [
      atMost(
        'longest history on `large`',
        Math.max(...all.map(({ historyLength }) => historyLength)),
        EVENTS_LIMIT,
        'events',
        `max(historyLength) over ${all.length} workflows, as the server tells it; ${hosts} hosts in ${minutes} min.\n${histories(all)}`,
      ),
      atMost(
        'billable actions a host on `large`, without heartbeats',
        aHost,
        ACTIONS_LIMIT,
        'actions',
        `${billable} / ${hosts} hosts, the run and its vCenters included: the server's own counter \`action\`, less ${heartbeats} heartbeats and ${asked} queries of this benchmark's approver.\n${table}`,
      ),
      atMost(
        `billable actions of a ${HOST_MINUTES}-minute host`,
        aHost + waits + HOST_MINUTES,
        ACTIONS_LIMIT + waits + HOST_MINUTES,
        'actions',
        `${aHost.toFixed(1)} + ${waits.toFixed(1)} waits begun, whose first heartbeat is delivered at once + ${HOST_MINUTES} minutes with a heartbeat each (heartbeat timeout 2 min). Waits: activities of a host's workflows that poll, from their histories.`,
      ),
    ];
  } finally {
    await people.close();
  }
}

/** All workflows that ran, once visibility has caught up. */
async function listAll({ client }: PatientClient, hosts: number): Promise<WorkflowExecutionInfo[]> {
  for (let look = 0; ; look += 1) {
    const all: WorkflowExecutionInfo[] = [];
    for await (const info of client.workflow.list({ query: "TaskQueue = 'vta-upgrade'" })) all.push(info);
    // The ledger never ends.
    if (all.length > hosts && all.every(({ status, type }) => status.name !== 'RUNNING' || type === 'vtaLedger'))
      return all;
    if (look > 50) throw new Error(`visibility shows ${all.length} workflows only`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function histories(all: readonly WorkflowExecutionInfo[]): string {
  const lines = [...new Set(all.map(({ type }) => type))].map((type) => {
    const own = all.filter((info) => info.type === type);
    const events = own.map(({ historyLength }) => historyLength);
    const kilobytes = own.map(({ historySize = 0 }) => historySize / 1024);
    return `${type}: ${own.length} histories, at most ${Math.max(...events)} events and ${Math.max(...kilobytes).toFixed(0)} KiB, mean ${mean(events).toFixed(0)} events and ${mean(kilobytes).toFixed(0)} KiB`;
  });
  return lines.join('\n');
}

/** How many activities that poll a host has, on average of all hosts. */
async function waitsOfHosts(
  { client }: PatientClient,
  all: readonly WorkflowExecutionInfo[],
  hosts: number,
): Promise<number> {
  let waits = 0;
  for (const { workflowId, runId } of all.filter(({ type }) => type === 'vtaUpgradeHost')) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const names = (events ?? []).map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? '');
    waits += names.filter((name) => /^vta(Wait|Ensure)|^vtaReadHostDone$/.test(name)).length;
  }
  return waits / hosts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
