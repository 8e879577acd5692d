import { abortUpdate } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { BY, REASON, STEER_ARGUMENTS, steerRun } from '../steer-run';

export const abort = defineCommand({
  name: 'abort',
  summary: 'end an upgrade at the next safe point',
  description:
    'Ends an upgrade at the next safe point: a host that has begun is finished first, and what was changed for the time ' +
    'of the upgrade is put back. What is upgraded stays upgraded. A new upgrade takes up the rest. Bringing back a failed ' +
    'host ends after the part of it that is in work: the answer says whether the host may be out of its cluster then, and ' +
    'the next upgrade brings it back first.',
  arguments: STEER_ARGUMENTS,
  options: { by: BY, reason: REASON },
  examples: [{ title: 'end it', command: 'vta-upgrade abort prod --by alice --reason "the change window is over"' }],
  run: ({ arguments: { infrastructure }, options, io }) => steerRun(abortUpdate, infrastructure, options, io),
});
