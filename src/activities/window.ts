import { localTime, roomFor, whenToBegin } from '../planner/maintenance-window';
import type { Activities } from './activities';

/** What a maintenance window says (M13). Asks nobody but the time zones that the worker knows; may be run twice. */
export function createWindowActivities(): Pick<Activities, 'vtaReadWindow'> {
  return {
    vtaReadWindow({ window, at, neededMs }) {
      const found = whenToBegin(window, at, neededMs, roomFor(neededMs));
      if (found.kind === 'never') return Promise.resolve(found);
      const closes = localTime(window, found.closesAt);
      if (found.kind === 'now') return Promise.resolve({ ...found, closes });
      return Promise.resolve({ ...found, opens: localTime(window, found.opensAt), closes });
    },
  };
}
