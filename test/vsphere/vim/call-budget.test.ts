import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NotSent } from '../../../src/vsphere/errors';
import { CallBudget } from '../../../src/vsphere/vim/call-budget';

describe('CallBudget', () => {
  it('gives each request what is left of the time, and none once it is over', async () => {
    const budget = new CallBudget({ deadlineMs: 60 });
    expect(budget.left('A').deadlineMs).toBeLessThanOrEqual(60);
    await sleep(30);
    expect(budget.left('B').deadlineMs).toBeLessThanOrEqual(31);
    await sleep(40);
    expect(() => budget.left('C')).toThrow(NotSent);
    expect(() => budget.left('C')).toThrow('C: not sent (deadline): not begun within 60 ms');
  });

  it('does not wait at all for a caller who has cancelled before', async () => {
    const budget = new CallBudget({ signal: AbortSignal.abort(new Error('enough')) });
    await expect(budget.wait('A', Promise.resolve(1))).rejects.toMatchObject({ name: 'NotSent', reason: 'cancelled' });
  });

  it('gives what was waited for, or its error', async () => {
    const budget = new CallBudget();
    expect(await budget.wait('A', Promise.resolve(1))).toBe(1);
    await expect(budget.wait('A', Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
