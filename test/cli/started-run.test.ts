import { expect, it } from 'vitest';
import { renderStartedRun } from '../../src/cli/render/started-run';

const RUN = { workflowId: 'vta-upgrade:prod', runId: '0f3c' };
const REQUEST = { infrastructure: 'prod' };

it('says how to approve the plan of a run that has begun', () => {
  expect(renderStartedRun(REQUEST, RUN).split('\n')).toEqual([
    'The upgrade of prod has begun (workflow vta-upgrade:prod, run 0f3c).',
    'Follow it:        vta-upgrade status prod --follow',
    'Approve the plan: vta-upgrade approve prod --gate plan --by NAME',
  ]);
});

it('does not say that the plan must be approved where a standing approval may cover it', () => {
  const standingApproval = { by: ['alice', 'bob'] };
  const [, , standing, otherwise] = renderStartedRun({ ...REQUEST, standingApproval }, RUN).split('\n');
  expect(standing).toBe(
    'The standing approval of alice, bob approves the plan if it covers all of it; the upgrade goes on at once then.',
  );
  expect(otherwise).toBe('If it does not:   vta-upgrade approve prod --gate plan --by NAME');
});
