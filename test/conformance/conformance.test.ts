import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';

import { startSimulator, type Simulator } from '../../simulator/simulator';
import { requirePart } from '../support/parts';
import { BEGIN, END, fidelityTable } from './fidelity-table';
import { operationsSeen, type OperationSeen } from './operations-seen';
import { PYTHON_WITH_VENV, pythonEnvironment } from './python-environment';
import { listChecks, runSuite, type CheckResult } from './run-suite';
import { SCENARIO } from './scenario';

const PAGE = join(__dirname, '../../docs/simulator-fidelity.md');
const SUITE_DEADLINE_MS = 300_000;

if (requirePart(PYTHON_WITH_VENV, 'the simulator held to the clients that VMware wrote')) {
  describe("VMware's own clients against the simulator", async () => {
    const python = await pythonEnvironment(join(__dirname, 'requirements.txt'));
    const checks = await listChecks(python);
    let simulator: Simulator;
    let results: Map<string, CheckResult>;

    beforeAll(async () => {
      const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-conformance-'));
      simulator = await startSimulator({ scenario: SCENARIO, directory });
      results = await runSuite(python, simulator, directory, AbortSignal.timeout(SUITE_DEADLINE_MS));
      return async () => {
        await simulator.close();
        rmSync(directory, { recursive: true, force: true });
      };
    }, SUITE_DEADLINE_MS + 10_000);

    it.each(checks)('%s', (check) => {
      expect(results.get(check)).toMatchObject({ ok: true, message: '' });
    });

    it('every operation of vTA is answered, driven with success, and every error that it declares was read', () => {
      const trust = operationsSeen(simulator.requests.all()).filter(isTrust);
      expect(trust).toHaveLength(75);
      expect(trust.filter((one) => !one.answered || !one.succeeded).map(keyOf)).toEqual([]);
      const unseen = trust.filter((one) => one.provoked.length + one.injected.length < one.operation.errors.length);
      expect(unseen.map(keyOf)).toEqual([]);
    });

    it('every operation that is answered was asked for by the SDK', () => {
      const answered = operationsSeen(simulator.requests.all()).filter((one) => one.answered);
      const idle = answered.filter((one) => !one.succeeded && one.provoked.length === 0);
      expect(idle.map(keyOf)).toEqual([]);
    });

    it('the tables of docs/simulator-fidelity.md are what the request log says', async () => {
      const written = readFileSync(PAGE, 'utf8');
      const [before = '', rest = ''] = written.split(BEGIN);
      const [, after = ''] = rest.split(END);
      const fresh = `${before}${BEGIN}\n\n${fidelityTable(simulator.requests.all())}\n\n${END}${after}`;
      const page = await format(fresh, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
      if (process.env['WRITE_FIDELITY_TABLE'] === '1') writeFileSync(PAGE, page);
      else expect(written).toBe(page);
    });
  });
}

function isTrust({ operation }: OperationSeen): boolean {
  return operation.key.startsWith('com.vmware.vcenter.trusted_infrastructure.');
}

function keyOf({ operation }: OperationSeen): string {
  return operation.key;
}
