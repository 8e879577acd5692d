import { resumeUpdate } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { text } from '../options';
import { BY, STEER_ARGUMENTS, steerRun } from '../steer-run';

export const resume = defineCommand({
  name: 'resume',
  summary: 'let a paused upgrade go on, or one that waits for its maintenance window',
  description:
    'Lets an upgrade go on that was paused. One that is not paused refuses it (exit code 3).\n\n' +
    'With --now, the host or vCenter that waits for its maintenance window is begun at once, whatever the window says, ' +
    'as soon as as many approvers have said so as a gate needs; ' +
    'what comes after it waits again. Who and why is recorded in the audit. A step that does not wait for its window is ' +
    'refused (exit code 3).',
  arguments: STEER_ARGUMENTS,
  options: {
    by: BY,
    now: text(
      'STEP',
      'the step that waits for its maintenance window, as the status names it, such as host:esx-1.example.com',
    ),
    reason: text('TEXT', 'why; recorded in the audit, and needed with --now'),
  },
  examples: [
    { title: 'go on', command: 'vta-upgrade resume prod --by alice' },
    {
      title: 'begin one host outside of the maintenance window',
      command: 'vta-upgrade resume prod --now host:esx-1.example.com --by alice --reason "CHG-4711 allows it"',
    },
  ],
  run({ arguments: { infrastructure }, options: { by, now, reason }, io }) {
    const message = { by, ...(now === undefined ? {} : { now }), ...(reason === undefined ? {} : { reason }) };
    return steerRun(resumeUpdate, infrastructure, message, io);
  },
});
