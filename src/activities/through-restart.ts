import type { Pace } from '../model/pace';
import { LoginRefused } from '../vsphere/errors';
import type { Look } from './wait';

/** One below the number of refused logins that locks an account of vCenter Single Sign-On by default. */
const MOST_LOGINS = 4;
/** Between two of them, in looks: a minute at the pace of production. */
const LOGIN_PAUSE_LOOKS = 4;

/**
 * A look that passes through the restart of an appliance: while Single Sign-On starts, a right password is refused.
 * That is waited out, for a few logins with pauses between them, because each may count against the account.
 * @returns the look; its error is thrown when the logins are used up
 */
export function throughRestart<T, A extends unknown[]>(
  pace: Pick<Pace, 'pollMs'>,
  look: (...parameters: A) => Promise<Look<T>>,
): (...parameters: A) => Promise<Look<T>> {
  let refused = 0;
  let again = 0;
  let pending = '';
  return async (...parameters) => {
    if (performance.now() < again) return { pending };
    try {
      return await look(...parameters);
    } catch (error) {
      if (!(error instanceof LoginRefused)) throw error;
      refused += 1;
      if (refused >= MOST_LOGINS) throw error;
      again = performance.now() + LOGIN_PAUSE_LOOKS * pace.pollMs;
      pending = `it refuses the login (${refused} of ${MOST_LOGINS}), as it does while it starts`;
      return { pending };
    }
  };
}
