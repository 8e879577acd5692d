import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { typeForJson } from './support/type-command';

/** Runs whose workers are gone. */
const SILENT = ['silent-1', 'silent-2', 'silent-3'];

describe('status without a name, while no worker answers for several runs', () => {
  let client: Client;

  beforeAll(async () => {
    client = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
    for (const name of SILENT)
      await client.workflow.start('upgradeTrustAuthority', { workflowId: `vta-upgrade:${name}`, taskQueue: name });
  });

  afterAll(async () => {
    for (const name of SILENT) await client.workflow.getHandle(`vta-upgrade:${name}`).terminate();
    await client.connection.close();
  });

  it('asks them all at once: it takes as long as one, and says which are silent', { timeout: 90_000 }, async () => {
    // The server's list lags behind.
    await expect
      .poll(
        async () =>
          (
            await client.workflowService.countWorkflowExecutions({
              namespace: 'default',
              query: SILENT.map((name) => `WorkflowId = 'vta-upgrade:${name}'`).join(' OR '),
            })
          ).count?.toNumber(),
        { timeout: 20_000 },
      )
      .toBe(SILENT.length);
    const begun = Date.now();
    const { json } = await typeForJson(['status'], { env: { TEMPORAL_ADDRESS: inject('temporalAddress') } });
    expect(Date.now() - begun).toBeLessThan(19_000);
    for (const infrastructure of SILENT)
      expect(json).toMatchObject({
        runs: expect.arrayContaining([expect.objectContaining({ infrastructure, now: 'no worker answers for it' })]),
      });
  });
});
