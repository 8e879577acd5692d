import type { Recovery } from '../model/recovery';
import type { Run } from './run';

/**
 * Keeps for the report what people must set again by hand on a host that was removed: to its vCenter it is another object.
 * @returns the same as a sentence that may follow another one; empty when nothing is known to be lost
 */
export function rememberByHand({ state }: Run, { host, losses = [], neverRemoved }: Recovery): string {
  if (neverRemoved === true) return '';
  // What had to be moved before its removal was moved, or it would not have been removed.
  const what = losses.filter((loss) => !loss.includes('must be moved first'));
  if (what.length === 0) return '';
  // A host that is brought back twice has lost more only the first time.
  const before = state.byHand?.[host.name] ?? [];
  state.byHand = { ...state.byHand, [host.name]: [...new Set([...before, ...what])] };
  return ` Its removal lost what people must see to now: ${what.join('; ')}.`;
}
