import { describe, expect, it } from 'vitest';
import { ledgerWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import { hostsRequest, hostsSite } from '../support/hosts-site';
import { approveEverything, startRehearsal } from '../support/rehearsal';

describe('the ledger', { timeout: 150_000 }, () => {
  it('is started by the first run, and knows at its end that nothing is left', async () => {
    await using lab = await startRehearsal(hostsSite());
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const { report } = await approveEverything(lab, run);
    expect(report.outcome).toBe('completed');
    const ledger = lab.client.workflow.getHandle(ledgerWorkflowId(lab.infrastructure));
    expect(await ledger.query<LedgerState>('ledger')).toEqual({
      changes: [],
      lastRun: { runId: run.firstExecutionRunId, outcome: 'completed', at: report.endedAt },
    });
  });
});
