import { approveUpdate } from '../../workflows/message-definitions';
import { ANSWER_ARGUMENTS, ANSWER_OPTIONS, answerGate } from '../answer-gate';
import { defineCommand } from '../command';

export const approve = defineCommand({
  name: 'approve',
  summary: 'approve what an open gate asks',
  description:
    'Approves what an open gate asks. The approval names the digest of what was asked: it is refused (exit code 3) when ' +
    'something else is asked by now. Without --digest the question and its facts are shown first, and you confirm; ' +
    'without a terminal --digest is required.\n\n' +
    'The same approval sent twice is taken once.',
  arguments: ANSWER_ARGUMENTS,
  options: ANSWER_OPTIONS,
  examples: [
    { title: 'read the question, then confirm', command: 'vta-upgrade approve prod --gate plan --by alice' },
    {
      title: 'from a script, or after reading `vta-upgrade status prod`',
      command: 'vta-upgrade approve prod --gate plan --digest sha256:4f1c… --by alice --reason CHG-4711',
    },
  ],
  run: ({ arguments: { infrastructure }, options, io }) =>
    answerGate('approve', approveUpdate, infrastructure, options, io),
});
