import { resumeUpdate } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { BY, STEER_ARGUMENTS, steerRun } from '../steer-run';

export const resume = defineCommand({
  name: 'resume',
  summary: 'let a paused upgrade go on',
  description: 'Lets an upgrade go on that was paused. One that is not paused refuses it (exit code 3).',
  arguments: STEER_ARGUMENTS,
  options: { by: BY },
  examples: [{ title: 'go on', command: 'vta-upgrade resume prod --by alice' }],
  run: ({ arguments: { infrastructure }, options, io }) => steerRun(resumeUpdate, infrastructure, options, io),
});
