import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { createActivities } from '../../src/activities/create-activities';
import { scalePace } from '../../src/model/pace';
import { loadScenario } from '../../simulator/scenarios/load-scenario';
import { startSimulator } from '../../simulator/simulator';
import { readConfiguration } from '../../worker/configuration';
import { configuredInfrastructures } from '../../worker/main';
import { createSecretResolver } from '../../worker/secrets';
import { quickSite } from '../support/quick-site';

it('begins another backup after one that failed in the same second, and attaches to one that succeeded', async () => {
  const scenario = quickSite();
  scenario.trustAuthority.vCenter.backup = { location: 'sftp://backup.lab.example/ta-vc', username: 'backup' };
  scenario.faults = [{ kind: 'backup-fails', vCenter: 'ta-vc' }];
  const simulator = await startSimulator({ scenario: loadScenario(scenario) });
  const { infrastructure, infrastructureFile } = simulator.ready;
  const infrastructures = configuredInfrastructures(readConfiguration(infrastructureFile));
  const worker = createActivities({
    infrastructures,
    resolveSecret: createSecretResolver(process.env, () => undefined),
  });
  const { vtaEnsureVCenterBackup } = worker.activities;
  const backup = async (): Promise<string> => {
    const now = Date.now();
    const environment = new MockActivityEnvironment({
      scheduledTimestampMs: now,
      currentAttemptScheduledTimestampMs: now,
    });
    const asked = {
      infrastructure,
      infrastructureDigest: infrastructures[infrastructure]?.digest ?? '',
      vCenter: { name: 'ta-vc.lab.example', role: 'trust-authority' as const, from: '8.0.2.00000', to: '8.0.3.00400' },
      pace: scalePace(0.002),
      runId: 'run',
      notBefore: began,
    };
    const said: Awaited<ReturnType<typeof vtaEnsureVCenterBackup>> = await environment.run(() =>
      vtaEnsureVCenterBackup(asked),
    );
    return said.proof;
  };
  const began = new Date(simulator.world.clock.now()).toISOString();
  try {
    await expect(backup()).rejects.toThrow(/is FAILED/);
    await fetch(`${simulator.ready.control}/faults`, { method: 'DELETE' });
    const proof = await backup();
    expect(proof).toMatch(/, job /);
    expect(await backup()).toBe(proof);
  } finally {
    await worker.close();
    await simulator.close();
  }
});
