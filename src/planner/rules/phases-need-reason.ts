import type { Rule } from './rule';

/** R9: leaving phases out, or taking them in another order, is allowed for a reason that is recorded. */
export const phasesNeedReason: Rule = ({ phases, reason }) => {
  const usual = phases.length === 4 && phases.every((phase, index) => phase === index + 1);
  // Nothing is left out of a run that removes base images only.
  if (usual || phases.length === 0 || (reason !== undefined && reason.trim() !== '')) return [];
  return [
    {
      code: 'VTA_PHASES_NEED_REASON',
      subject: 'phases',
      message: `The request asks for the phases ${phases.join(', ')} instead of 1, 2, 3, 4 and gives no reason.`,
      remedy: 'Give a "reason" with the request, or leave "phases" out.',
    },
  ];
};
