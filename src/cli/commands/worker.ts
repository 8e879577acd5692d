import { TASK_QUEUE } from '../../model/ids';
import { CliFailure } from '../cli-failure';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { requiredText } from '../options';
import { TASK_QUEUE_OPTION } from './task-queue-option';

export const worker = defineCommand({
  name: 'worker',
  summary: 'run a worker, which does the work of upgrades',
  description:
    'Runs a worker until Ctrl-C or SIGTERM; work under way is given 30 seconds to come to a stop, and goes on in the next ' +
    'worker. It alone reads the infrastructure file and holds the credentials. Waits for a Temporal server that is not ' +
    'there yet. Logs are JSON, a line each, on standard error.\n\n' +
    'Which server and namespace: as for the `temporal` CLI, by TEMPORAL_ADDRESS and the like or by its TOML file.',
  arguments: {},
  options: {
    config: requiredText('FILE', 'infrastructure file, such as vta-upgrade.yaml'),
    taskQueue: TASK_QUEUE_OPTION,
  },
  examples: [{ title: 'run one', command: 'vta-upgrade worker --config /etc/vta-upgrade/vta-upgrade.yaml' }],
  async run({ options: { config, taskQueue = TASK_QUEUE } }) {
    const { runWorker } = await import('../../../worker/main.js'); // loads the SDK's native part
    const { ConfigurationError } = await import('../../../worker/configuration-error.js');
    try {
      await runWorker({ configFile: config, taskQueue });
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      throw new CliFailure(
        { code: error.code, message: error.message, details: error.problems, exitCode: EXIT.usage },
        { cause: error },
      );
    }
    return { exitCode: EXIT.done };
  },
});
