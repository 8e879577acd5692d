import { DECISIONS } from '../../model/messages';
import { decideUpdate } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { EXIT } from '../exit-codes';
import { requiredChoice, requiredCount, requiredText } from '../options';
import { sendMessage, updateIdOf } from '../temporal/send-message';
import { withTemporal } from '../temporal/with-temporal';

export const decide = defineCommand({
  name: 'decide',
  summary: 'decide what to do after a step failed',
  description:
    'Decides what to do after a step failed. The run waits for it and loses nothing meanwhile; `vta-upgrade status` shows ' +
    'the step, the attempt and the actions that it offers. An action that would break a rule is not offered, and is ' +
    'refused (exit code 3).',
  arguments: { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') },
  options: {
    step: requiredText('STEP', 'the step that failed, such as host:esx-1.example.com'),
    attempt: requiredCount('N', 'which attempt failed; so a late answer cannot decide about a later failure'),
    action: requiredChoice('ACTION', DECISIONS, `one of ${DECISIONS.join(', ')}, if it is offered`),
    by: requiredText('NAME', 'your name, as the infrastructure file lists it among the approvers'),
    reason: requiredText('TEXT', 'why; recorded in the audit'),
  },
  examples: [
    {
      title: 'try a host again',
      command:
        'vta-upgrade decide prod --step host:esx-1.example.com --attempt 1 --action retry --by alice --reason "cable was loose"',
    },
  ],
  async run({ arguments: { infrastructure }, options: message, io }) {
    const { step, attempt, action, by } = message;
    return await withTemporal(io, async (temporal) => {
      const updateId = updateIdOf('decide', step, attempt, action, by);
      const said = await sendMessage(temporal, infrastructure, decideUpdate, message, updateId);
      return { exitCode: EXIT.done, json: { infrastructure, ...message, said }, text: said };
    });
  },
});
