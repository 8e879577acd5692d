import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { createActivities } from '../../src/activities/create-activities';
import { scalePace } from '../../src/model/pace';
import type { PlannedCluster, PlannedHost } from '../../src/model/plan';
import { loadScenario } from '../../simulator/scenarios/load-scenario';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { readConfiguration } from '../../worker/configuration';
import { configuredInfrastructures } from '../../worker/main';
import { createSecretResolver } from '../../worker/secrets';
import { hostsSite, NEW_BUILD, OLD_BUILD, TA_1, TA_2, TA_3 } from '../support/hosts-site';

const PACE = scalePace(0.002);

/** Stages the new image on hosts of the Trust Authority Cluster, as a run does. */
async function startLab() {
  const simulator = await startSimulator({ scenario: loadScenario(hostsSite({ ta: 3 })) });
  const { infrastructure, infrastructureFile } = simulator.ready;
  const infrastructures = configuredInfrastructures(readConfiguration(infrastructureFile));
  const infrastructureDigest = infrastructures[infrastructure]?.digest ?? '';
  const worker = createActivities({
    infrastructures,
    resolveSecret: createSecretResolver(process.env, () => undefined),
  });
  const cluster = plannedCluster(simulator);
  const at = { infrastructure, infrastructureDigest, cluster, pace: PACE };
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const now = Date.now();
    const times = { scheduledTimestampMs: now, currentAttemptScheduledTimestampMs: now };
    return (await new MockActivityEnvironment(times).run(work)) as T;
  };
  const { vtaEnsureDesiredImage, vtaEnsureHostsStaged } = worker.activities;
  const { commit } = await run(() => vtaEnsureDesiredImage({ ...at, runId: 'run', mayCommit: true }));
  return {
    simulator,
    stage: async (names: string[], deadlineMs = 60_000) => {
      const hosts = names.map((name) => plannedHost(simulator, name));
      const pace = { ...PACE, imageStage: { warnMs: deadlineMs, deadlineMs } };
      return await run(() => vtaEnsureHostsStaged({ ...at, pace, hosts, commit }));
    },
    staged: () => simulator.world.events.all().flatMap(({ what, host = '' }) => (what === 'stage-ended' ? [host] : [])),
    async [Symbol.asyncDispose]() {
      await worker.close();
      await simulator.close();
    },
  };
}

function plannedCluster({ world }: Simulator): PlannedCluster {
  const cluster = world.state.vCenters.flatMap(({ clusters }) => clusters).find(({ name }) => name === 'vTA Cluster');
  return {
    id: cluster?.moid ?? '',
    name: 'vTA Cluster',
    vCenter: 'ta-vc.lab.example',
    role: 'trust-authority',
    image: { baseImage: `8.0.3-0.0.${NEW_BUILD}` },
    commitImage: true,
    quickBoot: false,
    quickPatch: false,
  };
}

function plannedHost({ world }: Simulator, name: string): PlannedHost {
  return {
    name,
    uuid: 'not looked at',
    id: world.state.hosts.find((host) => host.name === name)?.moid ?? '',
    cluster: 'vTA Cluster',
    vCenter: 'ta-vc.lab.example',
    role: 'trust-authority',
    from: { version: '8.0.2', build: OLD_BUILD },
    to: { version: '8.0.3', build: NEW_BUILD },
    imageKey: 'new',
    foundInMaintenanceMode: false,
    runningVms: 0,
  };
}

it('stages on the named hosts alone, once, and attaches to a staging that is under way', async () => {
  await using lab = await startLab();
  const [first, second] = await Promise.all([
    lab.stage([TA_1, TA_2]),
    // A worker that died and was replaced knows no task.
    lab.stage([TA_1, TA_2]),
  ]);
  expect([first, second]).toEqual(Array(2).fill({ staged: [TA_1, TA_2], notStaged: [] }));
  expect(lab.staged()).toEqual([TA_1, TA_2]);
  expect(await lab.stage([TA_1, TA_2])).toEqual({ staged: [TA_1, TA_2], notStaged: [] });
  expect(lab.staged()).toEqual([TA_1, TA_2]);
});

it('stages on no host when none is named: an empty list would mean all', async () => {
  await using lab = await startLab();
  expect(await lab.stage([])).toEqual({ staged: [], notStaged: [] });
  expect(lab.staged()).toEqual([]);
});

it('tells which host could not be staged and why, and does not try it again and again', async () => {
  await using lab = await startLab();
  const host = lab.simulator.world.state.hosts.find(({ name }) => name === TA_2);
  if (host === undefined) throw new Error('no such host');
  host.connectionState = 'disconnected';
  const answer = await lab.stage([TA_1, TA_2, TA_3]);
  expect(answer.staged).toEqual([TA_1, TA_3]);
  expect(answer.notStaged).toEqual([{ name: TA_2, why: expect.stringContaining('connected') }]);
  expect(lab.staged()).toEqual([TA_1, TA_2, TA_3]);
});

it('does not wait for it any longer than its deadline', async () => {
  await using lab = await startLab();
  lab.simulator.world.settings.durations.imageStage = 600_000;
  const answer = await lab.stage([TA_1, TA_2], 3_000);
  expect(answer.staged).toEqual([]);
  expect(answer.notStaged.map(({ why }) => why)).toEqual(Array(2).fill('the time for it has passed'));
});
