import type { ExpectStatic } from 'vitest';
import type { CrashOutcome } from './crash-run';

/** Whatever was killed: the world, the report and the audit are those of the undisturbed run, and no rule was broken. */
export function expectSame(expect: ExpectStatic, outcome: CrashOutcome, undisturbed: CrashOutcome): void {
  expect(outcome.wrong).toEqual([]);
  expect(outcome.world).toEqual(undisturbed.world);
  expect(outcome.report).toEqual(undisturbed.report);
  expect(outcome.audited).toEqual(undisturbed.audited);
}
