import { pauseUpdate } from '../../workflows/message-definitions';
import { defineCommand } from '../command';
import { BY, REASON, STEER_ARGUMENTS, steerRun } from '../steer-run';

export const pause = defineCommand({
  name: 'pause',
  summary: 'pause an upgrade at the next safe point',
  description:
    'Pauses an upgrade at the next safe point, which is between two steps and never in the middle of a host. While a ' +
    'failed host is brought back, that is between two parts of it: the host may be out of its cluster meanwhile, and the ' +
    'answer says so. Nothing is changed until `vta-upgrade resume`.',
  arguments: STEER_ARGUMENTS,
  options: { by: BY, reason: REASON },
  examples: [{ title: 'before the next host', command: 'vta-upgrade pause prod --by alice --reason "storage alarm"' }],
  run: ({ arguments: { infrastructure }, options, io }) => steerRun(pauseUpdate, infrastructure, options, io),
});
