import { CliFailure } from '../cli-failure';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { requiredText, text } from '../options';

export const simulator = defineCommand({
  name: 'simulator',
  summary: 'run a twin of an infrastructure, for rehearsals',
  description:
    'Runs a simulated infrastructure until Ctrl-C or SIGTERM: vCenters and ESXi hosts that speak the real APIs on TLS, ' +
    'with an infrastructure file and a request that fit. Once everything answers, its addresses and passwords are ' +
    'written to the ready file (mode 0600) and shown. Faults are injected at its control address.',
  arguments: {},
  options: {
    scenario: requiredText('NAME|FILE', 'a scenario of the package, such as demo, or a scenario file'),
    readyFile: text('PATH', 'written once everything answers'),
    directory: text(
      'DIR',
      'where certificates, secrets, infrastructure file and archive go; without it a temporary one',
    ),
  },
  examples: [
    {
      title: 'a simulated infrastructure, a worker for it, and an upgrade',
      command: 'vta-upgrade simulator --scenario demo --ready-file ready.json --directory lab',
    },
  ],
  async run({ options: { scenario, readyFile, directory }, output, io }) {
    const { startSimulator } = await import('../../../simulator/simulator.js');
    const interrupted = io.interrupted(); // before anything is started that would have to be stopped
    const options = {
      scenario,
      ...(readyFile === undefined ? {} : { readyFile }),
      ...(directory === undefined ? {} : { directory }),
    };
    const running = await startSimulator(options).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      throw new CliFailure({ code: 'VTA_CONFIGURATION_INVALID', message, exitCode: EXIT.usage }, { cause: error });
    });
    try {
      show(running.ready, output, io);
      await new Promise<void>((resolve) => {
        if (interrupted.aborted) resolve();
        interrupted.addEventListener('abort', () => resolve(), { once: true });
      });
    } finally {
      await running.close();
    }
    return { exitCode: EXIT.done };
  },
});

interface Ready {
  trustAuthority: { vCenter: string };
  trusted: { vCenter: string }[];
  control: string;
  infrastructureFile: string;
  requestFile: string;
}

function show(ready: Ready, output: 'text' | 'json', io: Io): void {
  if (output === 'json') {
    io.answer(`${JSON.stringify(ready)}\n`);
    return;
  }
  const lines = [
    `Trust Authority vCenter  ${ready.trustAuthority.vCenter}`,
    ...ready.trusted.map(({ vCenter }) => `Trusted Cluster vCenter  ${vCenter}`),
    `Control                  ${ready.control}`,
    '',
    'In other terminals:',
    `  vta-upgrade worker --config ${ready.infrastructureFile}`,
    `  vta-upgrade start --request ${ready.requestFile}`,
    '',
    'Ctrl-C ends it.',
  ];
  io.answer(`${lines.join('\n')}\n`);
}
