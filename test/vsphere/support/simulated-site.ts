import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScenarioInput } from '../../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../../simulator/simulator';
import { EsxiHost } from '../../../src/vsphere/esxi';
import type { Task } from '../../../src/vsphere/rest-client';
import { pollTask } from '../../../src/vsphere/task-poll';
import { VCenter } from '../../../src/vsphere/vcenter';

/** The clients in front of a simulated site, on real TLS sockets. */
export interface SimulatedSite extends AsyncDisposable {
  readonly simulator: Simulator;
  /** vCenter of the Trust Authority Cluster. */
  readonly authority: VCenter;
  readonly workload: VCenter;
  esxi(name: string): EsxiHost;
  /** Waits for a task of one of the two. */
  done<T>(vCenter: VCenter, task: Task<T> | Promise<Task<T>>): Promise<T>;
}

export async function startSimulatedSite(scenario: string | ScenarioInput): Promise<SimulatedSite> {
  const simulator = await startSimulator({ scenario });
  const { ready } = simulator;
  const trust = { kind: 'ca', pem: readFileSync(ready.caFile, 'utf8') } as const;
  const credentials = async () => ({ username: ready.username, password: ready.password });
  const authority = new VCenter({ url: ready.trustAuthority.vCenter, trust }, credentials);
  const workload = new VCenter({ url: ready.trusted[0]?.vCenter ?? '', trust }, credentials);
  const hosts: EsxiHost[] = [];
  return {
    simulator,
    authority,
    workload,
    esxi: (name) => {
      const host = new EsxiHost({ url: ready.esxi.urls[name] ?? '', trust }, async () => ready.esxi);
      hosts.push(host);
      return host;
    },
    done: async (vCenter, task) => {
      const tools = { now: () => performance.now(), sleep: (ms: number) => delay(ms) };
      return pollTask(vCenter.tasks, await task, { everyMs: 100, deadlineMs: 20_000 }, tools);
    },
    [Symbol.asyncDispose]: async () => {
      for (const host of hosts) host.close();
      await Promise.all([authority.close(), workload.close()]);
      await simulator.close();
    },
  };
}

/** The one element of a list, or an error that shows the list. */
export function only<T>(items: readonly T[]): T {
  const [item, ...more] = items;
  if (item === undefined || more.length > 0) throw new Error(`expected one, got ${JSON.stringify(items)}`);
  return item;
}
