import { readFileSync } from 'node:fs';

import type { ScenarioInput } from '../../../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../../../simulator/simulator';
import type { WorldEvent } from '../../../../simulator/world/events';
import type { Cluster, Host, VCenter } from '../../../../simulator/world/state';
import { RestCaller } from './rest-caller';

export const OLD = '8.0.2-0.0.22380479';
export const NEW = '8.0.3-0.0.24674464';
/** Between the two, and a Quick Patch away from the last. */
export const MIDDLE = '8.0.3-0.0.24585383';

/** A simulator with one workload cluster of three hosts, whose vCenter is at 8.0.3 already. */
export interface Lab extends AsyncDisposable {
  simulator: Simulator;
  /** Asks the workload vCenter. */
  api: RestCaller;
  /** Asks the Trust Authority vCenter, which has an update to install. */
  authority: RestCaller;
  vCenter: VCenter;
  cluster: Cluster;
  hosts: Host[];
  /** `/esx/settings/clusters/{cluster}/software` of the workload cluster. */
  software: string;
  /** What happened to hosts, in order. */
  story(...kinds: WorldEvent['what'][]): string[];
}

type Overrides = Partial<Omit<ScenarioInput, 'trusted' | 'trustAuthority'>> & {
  cluster?: Partial<ScenarioInput['trusted'][number]['clusters'][number]>;
  hosts?: Partial<ScenarioInput['trusted'][number]['clusters'][number]['hosts']>;
};

/** Starts it; durations are short enough that no test waits long, and long enough to look in between. */
export async function startLab({ cluster = {}, hosts = {}, ...overrides }: Overrides = {}): Promise<Lab> {
  const simulator = await startSimulator({ scenario: scenario(cluster, hosts, overrides) });
  const { ready, world } = simulator;
  const ca = readFileSync(ready.caFile, 'utf8');
  const caller = (url: string) => new RestCaller(url, ca, { username: ready.username, password: ready.password });
  const api = caller(ready.trusted[0]?.vCenter ?? '');
  const authority = caller(ready.trustAuthority.vCenter);
  await api.open();
  await authority.open();
  const vCenter = world.vCenter('workload-vc');
  const [first] = vCenter.clusters;
  if (!first) throw new Error('the scenario has no cluster');
  return {
    simulator,
    api,
    authority,
    vCenter,
    cluster: first,
    hosts: world.hostsOf(vCenter, first.moid),
    software: `/esx/settings/clusters/${first.moid}/software`,
    story: (...kinds) =>
      world.events
        .all()
        .filter((event) => event.vCenter === vCenter.id && event.host && kinds.includes(event.what))
        .map((event) => `${event.host?.split('.')[0]} ${event.what}`),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function scenario(
  cluster: NonNullable<Overrides['cluster']>,
  hosts: NonNullable<Overrides['hosts']>,
  overrides: Partial<ScenarioInput>,
): ScenarioInput {
  return {
    name: 'lifecycle',
    images: {
      old: { baseImage: OLD },
      middle: { baseImage: MIDDLE },
      new: { baseImage: NEW, quickPatchFrom: [MIDDLE] },
      special: { baseImage: NEW, addOn: { name: 'oem', version: '1.0-1' }, components: { driver: '2.0-1' } },
    },
    trustAuthority: {
      vCenter: {
        name: 'ta-vc',
        version: '8.0.2.00100',
        build: '22617221',
        updates: [{ version: '8.0.3.00500', build: '24674346' }],
      },
      cluster: { name: 'TAC', hosts: { count: 1, prefix: 'ta', image: 'old' } },
      trustedImages: ['old', 'new'],
    },
    trusted: [
      {
        vCenter: { name: 'workload-vc', version: '8.0.3.00500', build: '24674346' },
        clusters: [
          {
            name: 'Trusted Cluster',
            desiredImage: 'new',
            ...cluster,
            hosts: { count: 3, prefix: 'host', image: 'old', vms: 1, ...hosts },
          },
        ],
      },
    ],
    ...overrides,
    durations: {
      taskWork: 5,
      enterMaintenanceMode: 20,
      exitMaintenanceMode: 10,
      vmMigration: 10,
      reboot: 60,
      quickBoot: 30,
      notRespondingAfter: 10,
      imageScan: 5,
      imageCheck: 20,
      imageStage: 20,
      imageInstall: 30,
      remediationEvacuation: 200,
      remediationReturn: 150,
      retrySecond: 1,
      draftValidate: 5,
      draftCommit: 5,
      disconnect: 10,
      reconnect: 10,
      attestation: 20,
      applianceStage: 60,
      appliancePrecheck: 5,
      applianceInstall: 60,
      applianceReboot: 150,
      applianceSettle: 50,
      backup: 60,
      ...overrides.durations,
    },
  };
}
