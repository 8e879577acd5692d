import { cancellationSignal } from '@temporalio/activity';
import type { Hold } from '../model/hold';
import type { Pace } from '../model/pace';
import type { Activities } from './activities';
import { askHoldCheck } from './ask-hold-check';
import type { FindSite, Site } from './dependencies';
import { callOptions, passedMs, waitUntil } from './wait';

/** What may hold a run before a host is begun (M18). Both only look, and may be run twice. */
export function createHoldActivities(findSite: FindSite): Pick<Activities, 'vtaReadHolds' | 'vtaWaitHolds'> {
  return {
    vtaReadHolds: async ({ pace, ...ref }) => ({ holds: await askAll(findSite(ref), pace) }),

    vtaWaitHolds: async ({ pace, shown, deadlineMs, ...ref }) => {
      const site = findSite(ref);
      const answer = { holds: shown };
      return await waitUntil({
        what: 'that nothing holds the run',
        code: 'VTA_DEADLINE_PASSED',
        pace,
        deadlineMs,
        look: async () => {
          answer.holds = await askAll(site, pace);
          const news = passedMs() >= pace.holdRefreshMs && describe(answer.holds) !== describe(shown);
          return answer.holds.length === 0 || news ? { done: answer } : { pending: describe(answer.holds) };
        },
        remedy: '',
        giveUp: answer,
      });
    },
  };
}

/** All at once, each with the deadline of a call. */
async function askAll({ infrastructure, resolveSecret }: Site, pace: Pace): Promise<Hold[]> {
  const signal = cancellationSignal();
  const asked = await Promise.all(
    infrastructure.holds.map(async (check) => {
      const { name, token } = check;
      const secret = async () =>
        token === undefined ? undefined : await resolveSecret(token, `token of the hold "${name}"`);
      return await askHoldCheck(check, secret, callOptions(pace));
    }),
  );
  signal.throwIfAborted();
  return asked.flatMap((hold) => (hold === undefined ? [] : [hold]));
}

function describe(holds: Hold[]): string {
  return holds.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
}
