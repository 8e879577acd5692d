import { readFileSync } from 'node:fs';
import { quickSite } from '../support/quick-site';
import { PatientClient } from '../support/crash/patient-client';
import { atMost, type Figure } from './figure';
import { Parts, type Ready } from './parts';
import { readEvents, readRequests } from './read-control';
import { runUpgrade } from './run-upgrade';

const MEMORY_LIMIT_MB = 250;
const GOING_ON_LIMIT_S = 15;
const REST_MS = 10_000;

/** A real `vta-upgrade worker`: what it holds at rest, and how soon its work goes on after a kill -9. */
export async function measureWorker(): Promise<Figure[]> {
  await using parts = new Parts();
  const { ready } = await parts.simulator(quickSite({ durations: { ...quickSite().durations, reboot: 8_000 } }));
  const { address } = await parts.temporal();
  await (await parts.worker(address, ready)).stop(8_000); // the first one makes the workflow bundle
  const worker = await parts.worker(address, ready);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const resting = residentMegabytes(worker.pid);
  const people = await PatientClient.connect(address);
  try {
    const run = runUpgrade(people, ready, 5 * 60_000);
    await remediating(ready);
    const killedAt = Date.now();
    process.kill(worker.pid, 'SIGKILL');
    await parts.worker(address, ready);
    const startedAt = Date.now();
    const on = await firstRequestSince(ready, killedAt);
    await run;
    return [
      atMost(
        'memory of a worker at rest',
        resting,
        MEMORY_LIMIT_MB,
        'MB',
        `VmRSS of \`vta-upgrade worker\`, ${REST_MS / 1000} s after it began to poll, with its workflow bundle in the cache.`,
      ),
      atMost(
        'from kill -9 of the worker to going on',
        (on - killedAt) / 1000,
        GOING_ON_LIMIT_S,
        's',
        `From SIGKILL in the middle of a remediation to the first request of the next worker, started at once, for the same host; test pace (heartbeat timeout 3 s). Of it ${((startedAt - killedAt) / 1000).toFixed(1)} s until the next worker polled.`,
      ),
    ];
  } finally {
    await people.close();
  }
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) * 1024) / 1_000_000;
}

async function remediating(ready: Ready): Promise<void> {
  while (!(await readEvents(ready)).some(({ what }) => what === 'reboot-started')) await pause();
}

/** When the dead worker's successor first asked a vCenter something. */
async function firstRequestSince(ready: Ready, sinceMs: number): Promise<number> {
  for (;;) {
    // What the killed worker sent last may be logged a moment later.
    const later = (await readRequests(ready)).map(({ time }) => Date.parse(time)).filter((at) => at > sinceMs + 100);
    if (later[0] !== undefined) return later[0];
    await pause();
  }
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
