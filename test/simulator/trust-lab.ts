import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { attestationOf } from '../../simulator/world/attestation';
import type { WorldEvent } from '../../simulator/world/events';
import { imageDatabase } from '../../simulator/world/image-database';
import { imageOf } from '../../simulator/world/image';
import type { Cluster, Host, VCenter } from '../../simulator/world/state';
import type { TaskHandle } from '../../simulator/world/tasks';
import { RestCaller } from './lifecycle/support/rest-caller';

const OLD = '8.0.2-0.0.22380479';
export const NEW = '8.0.3-0.0.24674464';

/** Three Trust Authority Hosts (`ta-1` …) that know the old image, and a Trusted Cluster of two hosts (`host-1` …). */
export interface TrustLab extends AsyncDisposable {
  simulator: Simulator;
  authority: RestCaller;
  workload: RestCaller;
  authorityVCenter: VCenter;
  workloadVCenter: VCenter;
  cluster: Cluster;
  /** Below /api: the Trust Authority Cluster, and the Trusted Cluster. */
  tac: string;
  trusted: string;
  /** A host by the first part of its name. */
  host(name: string): Host;
  /** `boot_imgdb.tgz` of a base image, as an import takes it. */
  imageFile(baseImage: string): string;
  events(what: WorldEvent['what']): WorldEvent[];
  /** Waits until a host's attestation is this. */
  attestation(name: string, wanted: ReturnType<typeof attestationOf>): Promise<void>;
  /** Carries out a rule that wants a task, as an operator's click would. */
  asTask(work: (task: TaskHandle) => Promise<void>): Promise<void>;
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

/** Starts it, with durations of milliseconds. */
export async function startTrustLab(changes: Partial<ScenarioInput> = {}): Promise<TrustLab> {
  const simulator = await startSimulator({ scenario: scenarioWith(changes) });
  const { ready, world } = simulator;
  const ca = readFileSync(ready.caFile, 'utf8');
  const caller = async (url: string): Promise<RestCaller> => {
    const made = new RestCaller(url, ca, { username: ready.username, password: ready.password });
    await made.open();
    return made;
  };
  const authorityVCenter = world.vCenter('ta-vc');
  const workloadVCenter = world.vCenter('workload-vc');
  const [authorityCluster] = authorityVCenter.clusters;
  const [cluster] = workloadVCenter.clusters;
  if (!authorityCluster || !cluster) throw new Error('the scenario has no clusters');
  const base = '/vcenter/trusted-infrastructure';
  const host = (name: string): Host => world.host(`${name}.lab.example`);
  return {
    simulator,
    authority: await caller(ready.trustAuthority.vCenter),
    workload: await caller(ready.trusted[0]?.vCenter ?? ''),
    authorityVCenter,
    workloadVCenter,
    cluster,
    tac: `${base}/trust-authority-clusters/${authorityCluster.moid}`,
    trusted: `${base}/trusted-clusters/${cluster.moid}`,
    host,
    imageFile: (baseImage) => imageDatabase(imageOf(baseImage)).toString('base64'),
    events: (what) => world.events.all().filter((event) => event.what === what),
    attestation: (name, wanted) => until(() => attestationOf(host(name)) === wanted, `${name} is ${wanted}`),
    asTask: async (work) => {
      const record = world.tasks.start(
        { kind: 'vim', vCenter: 'ta-vc', service: 'HostSystem', operation: 'Test_Task', user: 'operator' },
        work,
      );
      await world.tasks.ended(record);
      if (record.fault) throw record.fault;
    },
    control: async (method, path, body) => {
      const reply = await fetch(`${ready.control}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** Waits for something that the world brings about by itself. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not reached: ${what}`);
    await sleep(5);
  }
}

function scenarioWith(changes: Partial<ScenarioInput>): ScenarioInput {
  return {
    name: 'trust',
    images: { old: { baseImage: OLD }, new: { baseImage: NEW } },
    trustAuthority: {
      vCenter: { name: 'ta-vc' },
      cluster: { name: 'vTA Cluster', hosts: { count: 3, prefix: 'ta', image: 'old' } },
      trustedImages: ['old'],
      keyProviders: [{ name: 'corp-kms', servers: ['kms-1.lab.example', 'kms-2.lab.example'], username: 'kmip' }],
    },
    trusted: [
      {
        vCenter: { name: 'workload-vc' },
        clusters: [
          { name: 'Trusted Cluster', hosts: { count: 2, prefix: 'host', image: 'old', vms: 2, encryptedVms: 1 } },
        ],
      },
    ],
    ...changes,
    durations: {
      taskWork: 5,
      enterMaintenanceMode: 10,
      exitMaintenanceMode: 10,
      vmMigration: 5,
      reboot: 60,
      quickBoot: 30,
      notRespondingAfter: 10,
      disconnect: 10,
      reconnect: 10,
      addHost: 10,
      removeHost: 10,
      attestation: 20,
      attestationPeriod: 100,
      applianceSettle: 60,
      ...changes.durations,
    },
  };
}
