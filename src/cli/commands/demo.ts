import { defineCommand } from '../command';
import { flag, optional } from '../options';

export const demo = defineCommand({
  name: 'demo',
  summary: 'watch a simulated infrastructure being upgraded',
  description:
    'Starts a Temporal dev server, a simulated infrastructure and a worker, and upgrades the infrastructure in all four ' +
    'phases: shows the plan, asks for approval, shows the phases live, and at the end verifies the result by reading the ' +
    'vCenters afresh. Takes about two minutes, and needs nothing but this package and a `temporal` executable, which it ' +
    'finds or gets.\n\n' +
    'Ctrl-C ends it and all that it started (exit code 130); typed a second time it does not wait for that.',
  arguments: {},
  options: {
    yes: flag('approve everything without asking; so does a demo without a terminal'),
    keep: flag('leave everything running afterwards, until Ctrl-C, with addresses and commands to try'),
    directory: optional('DIR', 'takes logs and files; without it a new temporary directory', (given) => given),
    scenario: optional('NAME|FILE', 'a scenario of the package or a scenario file; without it demo', (given) => given),
  },
  examples: [
    { title: 'watch it', command: 'vta-upgrade demo' },
    { title: 'without questions, and look around afterwards', command: 'vta-upgrade demo --yes --keep' },
  ],
  async run({ options: { yes, keep, scenario = 'demo', directory }, output, io }) {
    const { runDemo } = await import('../demo/demo.js');
    return await runDemo({ yes, keep, scenario, directory, output, io });
  },
});
