import { rejectUpdate } from '../../workflows/message-definitions';
import { ANSWER_ARGUMENTS, ANSWER_OPTIONS, answerGate } from '../answer-gate';
import { defineCommand } from '../command';

export const reject = defineCommand({
  name: 'reject',
  summary: 'reject what an open gate asks',
  description:
    'Rejects what an open gate asks; one rejection is enough. A rejected plan ends the run with nothing changed, a ' +
    'rejected phase ends it at a safe point, a rejected base image leaves the host in maintenance mode and asks what to do.' +
    '\n\nLike an approval it names the digest of what was asked; without --digest you are shown the question and confirm.',
  arguments: ANSWER_ARGUMENTS,
  options: ANSWER_OPTIONS,
  examples: [
    {
      title: 'read the question, then confirm',
      command: 'vta-upgrade reject prod --gate plan --by alice --reason "wrong week"',
    },
  ],
  run: ({ arguments: { infrastructure }, options, io }) =>
    answerGate('reject', rejectUpdate, infrastructure, options, io),
});
