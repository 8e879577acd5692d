import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Activities } from '../../../src/activities/activities';
import { createActivities } from '../../../src/activities/create-activities';
import type { RecoveryActivities } from '../../../src/activities/recovery-activities';
import { scalePace, type Pace } from '../../../src/model/pace';
import type { PlannedCluster, PlannedHost } from '../../../src/model/plan';
import type { ConfigurationBackup } from '../../../src/model/work';
import type { FaultSpec } from '../../../simulator/world/faults';
import type { Host } from '../../../simulator/world/state';
import { loadScenario } from '../../../simulator/scenarios/load-scenario';
import type { ScenarioInput } from '../../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../../simulator/simulator';
import { readConfiguration } from '../../../worker/configuration';
import { configuredInfrastructures } from '../../../worker/main';
import { createSecretResolver } from '../../../worker/secrets';
import { quickSite } from '../../support/quick-site';

export const TA_1 = 'ta-host-1.lab.example';
export const TA_2 = 'ta-host-2.lab.example';
export const HOST_1 = 'host-1.lab.example';
export const HOST_2 = 'host-2.lab.example';

type All = Activities & RecoveryActivities;
type InputOf<N extends keyof All> = Parameters<All[N]>[0];

/** A simulator and the activities over it, called one by one as a run would. */
export interface RecoveryLab extends AsyncDisposable {
  simulator: Simulator;
  /** The host as a plan names it, under the id that it has now unless another one is given. */
  planned(name: string, id?: string): PlannedHost;
  cluster: PlannedCluster;
  trustedCluster: PlannedCluster;
  /** Waits end soon: for what is not to come about. */
  shortPace: Pace;
  host(name: string): Host;
  /** Runs an activity as its first attempt. */
  call<N extends keyof All>(name: N, input: Partial<InputOf<N>>): Promise<Awaited<ReturnType<All[N]>>>;
  backup(): Promise<ConfigurationBackup>;
  edit(body: Record<string, unknown>): Promise<void>;
  fault(spec: FaultSpec): void;
  /** Takes the host out and puts it in again, as a run does. @returns it under its new id */
  readd(name: string): Promise<PlannedHost>;
}

/** @param changes of the quick site; `configure` changes what the worker's file says of the infrastructure */
export async function startRecoveryLab(
  changes: Partial<ScenarioInput> = {},
  configure: (infrastructure: ReturnType<typeof configuredInfrastructures>[string]['infrastructure']) => void = () =>
    undefined,
): Promise<RecoveryLab> {
  const simulator = await startSimulator({ scenario: loadScenario(quickSite(changes)) });
  const { infrastructure, infrastructureFile } = simulator.ready;
  const infrastructures = configuredInfrastructures(readConfiguration(infrastructureFile));
  const configured = infrastructures[infrastructure];
  if (configured === undefined) throw new Error(`no infrastructure ${infrastructure}`);
  configure(configured.infrastructure);
  const worker = createActivities({
    infrastructures,
    resolveSecret: createSecretResolver(process.env, () => undefined),
  });
  const pace: Pace = scalePace(0.002);
  const host = (name: string): Host => simulator.world.host(name);
  const cluster = clusterOf(simulator, 'ta-vc', 'trust-authority');
  const trustedCluster = clusterOf(simulator, 'workload-vc', 'trusted');
  const lab: RecoveryLab = {
    simulator,
    cluster,
    trustedCluster,
    shortPace: {
      ...pace,
      services: { warnMs: 50, deadlineMs: 2_000 },
      serviceHealth: { warnMs: 50, deadlineMs: 500 },
    },
    host,
    planned: (name, id = host(name).moid) => ({
      name,
      uuid: host(name).hardwareUuid,
      id,
      ...memberOf(name.startsWith('ta-') ? cluster : trustedCluster),
      from: { version: '8.0.2', build: '22380479' },
      to: { version: '8.0.3', build: '24674464' },
      imageKey: '',
      foundInMaintenanceMode: false,
      runningVms: 0,
    }),
    async call<N extends keyof All>(name: N, input: Partial<InputOf<N>>): Promise<Awaited<ReturnType<All[N]>>> {
      const now = Date.now();
      const environment = new MockActivityEnvironment({
        scheduledTimestampMs: now,
        currentAttemptScheduledTimestampMs: now,
      });
      const { digest: infrastructureDigest } = configured;
      const asked = { infrastructure, infrastructureDigest, pace, cluster, ...input };
      const activity = worker.activities[name] as unknown as (given: unknown) => Promise<unknown>;
      // The environment types every result as unknown.
      return (await environment.run<[unknown], unknown, (given: unknown) => Promise<unknown>>(
        activity,
        asked,
      )) as never;
    },
    backup: async () => {
      // The archive is known to be shared once the run has written to its audit.
      const lines = [{ at: new Date().toISOString(), what: 'started', on: 'test' }];
      await lab.call('vtaEnsureAudit', { runId: 'run', lines } as never);
      return await lab.call('vtaEnsureConfigurationBackup', { runId: 'run' });
    },
    async edit(body) {
      const answer = await fetch(`${simulator.ready.control}/world/edit`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    },
    fault: (spec) => void simulator.world.faults.add(spec),
    async readd(name) {
      await lab.call('vtaEnsureHostRemoved', { host: lab.planned(name) });
      const { id } = await lab.call('vtaEnsureHostAdded', { host: lab.planned(name) });
      await lab.call('vtaEnsureTrustAuthorityEnabled', { host: lab.planned(name, id) });
      return lab.planned(name, id);
    },
    async [Symbol.asyncDispose]() {
      await worker.close();
      await simulator.close();
    },
  };
  return lab;
}

function memberOf({ name, vCenter, role }: PlannedCluster): Pick<PlannedHost, 'cluster' | 'vCenter' | 'role'> {
  return { cluster: name, vCenter, role };
}

function clusterOf({ world }: Simulator, vCenter: string, role: PlannedCluster['role']): PlannedCluster {
  const [found] = world.vCenter(vCenter).clusters;
  if (found === undefined) throw new Error(`${vCenter} has no cluster`);
  return {
    id: found.moid,
    name: found.name,
    vCenter: `${vCenter}.lab.example`,
    role,
    image: { baseImage: '8.0.3-0.0.24674464' },
    commitImage: true,
    quickBoot: false,
    quickPatch: false,
  };
}

/** How an activity fails: its code and what it says. */
export async function refusalOf(result: Promise<unknown>): Promise<string> {
  try {
    await result;
  } catch (error) {
    if (error instanceof ApplicationFailure) return `${error.type ?? ''}: ${error.message}`;
    throw error;
  }
  throw new Error('it did not fail');
}
