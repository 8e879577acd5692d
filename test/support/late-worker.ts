import { NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { createActivities } from '../../src/activities/create-activities';
import { configuredInfrastructures } from '../../worker/main';
import { readConfiguration } from '../../worker/configuration';
import { createSecretResolver } from '../../worker/secrets';
import type { Rehearsal } from './rehearsal';

/** A worker of the same site that comes when others have gone: on a task queue that nobody served before. */
export async function lateWorker({ simulator, log }: Rehearsal, taskQueue: string): Promise<AsyncDisposable> {
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const { activities, close } = createActivities({
    infrastructures: configuredInfrastructures(readConfiguration(simulator.ready.infrastructureFile)),
    resolveSecret: createSecretResolver(process.env, (message) => log.push(message)),
  });
  const workflowBundle = { codePath: inject('workflowBundlePath') };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
  const running = worker.run();
  return {
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await close();
      await connection.close();
    },
  };
}
