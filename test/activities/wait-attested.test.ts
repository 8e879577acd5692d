import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities, type WorkerActivities } from '../../src/activities/create-activities';
import { scalePace } from '../../src/model/pace';
import { loadScenario } from '../../simulator/scenarios/load-scenario';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { readConfiguration } from '../../worker/configuration';
import { configuredInfrastructures } from '../../worker/main';
import { createSecretResolver } from '../../worker/secrets';
import { quickSite } from '../support/quick-site';

const UNKNOWN_IMAGE = '8.0.3-0.0.24674464';
const LONG_MS = 20_000;

/** Waiting for a host whose image may be unknown to the Trust Authority Cluster (R25). */
describe('waiting for the attestation of a host whose image may be unknown', { timeout: 60_000 }, () => {
  let simulator: Simulator;
  let worker: WorkerActivities;
  beforeAll(async () => {
    simulator = await startSimulator({ scenario: loadScenario(quickSite()) });
    const configuration = readConfiguration(simulator.ready.infrastructureFile);
    worker = createActivities({
      infrastructures: configuredInfrastructures(configuration),
      resolveSecret: createSecretResolver(process.env, () => undefined),
    });
  });
  afterAll(async () => {
    await worker.close();
    await simulator.close();
  });

  /** @returns what the activity says, and how long it took, in milliseconds */
  async function wait(hostName: string, limits: { deadlineMs: number; refusedForMs?: number }) {
    const { world, ready } = simulator;
    const host = world.host(hostName);
    const { infrastructure } = ready;
    const planned = {
      name: host.name,
      uuid: host.hardwareUuid,
      id: host.moid,
      cluster: 'Trusted Cluster',
      vCenter: 'workload-vc.lab.example',
      role: 'trusted' as const,
      from: { version: '8.0.2', build: '22380479' },
      to: { version: '8.0.3', build: '24674464' },
      imageKey: '',
      foundInMaintenanceMode: false,
      runningVms: 0,
    };
    const began = Date.now();
    const environment = new MockActivityEnvironment({
      scheduledTimestampMs: began,
      currentAttemptScheduledTimestampMs: began,
    });
    const infrastructureDigest =
      configuredInfrastructures(readConfiguration(ready.infrastructureFile))[infrastructure]?.digest ?? '';
    const { vtaWaitAttested } = worker.activities;
    const asked = {
      infrastructure,
      infrastructureDigest,
      host: planned,
      pace: scalePace(0.002),
      notBefore: new Date(world.clock.now()).toISOString(),
      failAtDeadline: false,
      ...limits,
    };
    const said: Awaited<ReturnType<typeof vtaWaitAttested>> = await environment.run(() => vtaWaitAttested(asked));
    return { ...said, after: Date.now() - began };
  }

  async function edit(body: object): Promise<void> {
    await fetch(`${simulator.ready.control}/world/edit`, { method: 'POST', body: JSON.stringify(body) });
  }

  it('ends when every service has refused it for a while', async () => {
    await edit({ edit: 'set-image', host: 'host-1.lab.example', baseImage: UNKNOWN_IMAGE });
    const { attested, detail, after } = await wait('host-1.lab.example', { deadlineMs: LONG_MS, refusedForMs: 400 });
    expect({ attested, refused: /notAttested/.test(detail) }).toEqual({ attested: false, refused: true });
    expect(after).toBeGreaterThanOrEqual(400);
    expect(after).toBeLessThan(LONG_MS);
  });

  it('goes on to the deadline while nothing is known of it', async () => {
    await edit({ edit: 'set-connection', host: 'host-2.lab.example', state: 'disconnected' });
    const { attested, detail, after } = await wait('host-2.lab.example', { deadlineMs: 2_000, refusedForMs: 100 });
    expect({ attested, unknown: /unknown/.test(detail) }).toEqual({ attested: false, unknown: true });
    expect(after).toBeGreaterThanOrEqual(2_000);
  });
});
