import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { failedHost } from '../../simulator/scenarios/failed-host';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { locateTemporal } from '../../src/cli/temporal-binary/locate-temporal';
import { files } from '../support/infrastructure-file';
import { built } from '../support/parts-built';
import { quickSite } from '../support/quick-site';

const HOST = 'ta-host-2.lab.example';

/** The shipped scenario in haste: with a host less of each kind, on which everything takes a tenth of the time. */
function failedHostInHaste(): ScenarioInput {
  const { durations, paceScale = 1 } = quickSite();
  const shipped = structuredClone(failedHost);
  shipped.trustAuthority.cluster.hosts.count -= 1;
  for (const { clusters } of shipped.trusted) for (const { hosts } of clusters) Object.assign(hosts, FEWER);
  return { ...shipped, ...(durations === undefined ? {} : { durations }), paceScale };
}

/** A host that is alone in its cluster has nowhere to move its virtual machines. */
const FEWER = { count: 1, vms: 0, encryptedVms: 0 };

it('the demo of a failed host shows its removal, revert, addition and verification, and its checks all pass', async () => {
  using directory = files({});
  const scenario = join(directory.path, 'scenario.json');
  writeFileSync(scenario, JSON.stringify(failedHostInHaste()));
  const { path: temporal } = await locateTemporal({ env: process.env, log: () => undefined });
  const main = await built('src/cli/main');
  const words = [main, 'demo', '--yes', '--scenario', scenario, '--directory', join(directory.path, 'parts')];
  const demo = spawn(process.execPath, words, {
    env: { PATH: process.env.PATH, TEMPORAL_CONFIG_FILE: '/no/such/file', TEMPORAL_CLI_PATH: temporal },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  const [code] = (await once(demo, 'close')) as [number | null];
  expect({ code, shown: shown.slice(-3_000) }).toMatchObject({ code: 0 });
  const story = [
    `decide:host:${HOST}:1`,
    `$ vta-upgrade decide lab --step host:${HOST} --attempt 1 --action recover`,
    `$ vta-upgrade approve lab --gate recovery:${HOST}:1`,
    `(at the console of ${HOST}: reboot, Shift+R, yes)`,
    `$ vta-upgrade decide lab --step revert:${HOST} --attempt 1 --action reverted`,
    `VTA_HOST_RECOVERED: ${HOST} was removed, reverted by a person to 8.0.2 build 22380479, added again and verified`,
    `$ vta-upgrade decide lab --step host:${HOST} --attempt 2 --action retry`,
    'Read afresh from the vCenters',
    `✔ Trust Authority Host ${HOST}: build 24674464, connected, in service, services run`,
  ];
  const told = story.map((sentence) => shown.indexOf(sentence));
  expect(told).not.toContain(-1);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(shown).toMatch(/Verified: (\d+) of \1 checks passed\. The infrastructure is upgraded\./);
}, 240_000);
