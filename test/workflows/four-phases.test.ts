import { describe, expect, it } from 'vitest';
import { approveEverything, startRehearsal } from '../support/rehearsal';

describe('an upgrade of the demo site', () => {
  it('ends with all four phases on their targets', async () => {
    await using rehearsal = await startRehearsal('demo');
    const run = await rehearsal.start();
    const { report, approved } = await approveEverything(rehearsal, run);
    console.log(JSON.stringify(report, undefined, 1), approved);
    console.log(JSON.stringify(rehearsal.simulator.world.events, undefined, 0));
    expect(report.outcome).toBe('completed');
  }, 180_000);
});
