import { readFileSync } from 'node:fs';
import { Connections, vCenterName, type ConnectedVCenter } from '../../src/activities/connections';
import { large } from '../../simulator/scenarios/large';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { pollTask } from '../../src/vsphere/task-poll';
import { readConfiguration } from '../../worker/configuration';
import { createSecretResolver } from '../../worker/secrets';
import { atLeast, atMost, type Figure } from './figure';
import { Parts } from './parts';
import { readRequests } from './read-control';

const TRUSTED_HOSTS = 96;
const START_LIMIT_S = 2;
const RATE_GOAL = 200;
const LOAD_MS = 15_000;
const CALLERS = 4;
/** Linux counts processor time in hundredths of a second. */
const TICKS_A_SECOND = 100;

/** The simulator with 96 and 8 hosts: how soon it answers, and how much it can be asked. */
export async function measureSimulator(): Promise<Figure[]> {
  await using parts = new Parts();
  const { ready, process: simulator, startMs } = await parts.simulator(withHosts(TRUSTED_HOSTS));
  const { infrastructures } = readConfiguration(ready.infrastructureFile);
  const infrastructure = infrastructures[ready.infrastructure];
  if (infrastructure === undefined) throw new Error('the simulator wrote no infrastructure');
  const connections = new Connections(
    infrastructure,
    createSecretResolver(process.env, () => undefined),
  );
  const [, workload] = connections.endpoints();
  if (workload === undefined) throw new Error('the scenario has two vCenters');
  const trusted = await connections.vCenter(vCenterName(workload));
  const cluster = await connections.trustAuthorityClusterId();
  const calls = callsOfARun(await connections.trustAuthorityVCenter(), cluster, trusted);
  for (const call of calls) await call(); // sessions
  const before = {
    cpu: cpuSeconds(simulator.pid),
    requests: (await readRequests(ready)).length,
    at: performance.now(),
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, caller) => load(calls, caller)));
  const cpu = cpuSeconds(simulator.pid) - before.cpu;
  const requests = (await readRequests(ready)).length - before.requests;
  const seconds = (performance.now() - before.at) / 1000;
  await connections.close();
  return [
    atLeast(
      'requests a second of the simulator, on one core',
      requests / cpu,
      RATE_GOAL,
      'a second',
      `${requests} requests / ${cpu.toFixed(1)} s of processor time of its process, ${TRUSTED_HOSTS} + 8 hosts; ${CALLERS} callers on TLS in the mix of a run: 10 of 16 read one host or the clock, the others whole clusters, tasks, services, compliance (${(requests / seconds).toFixed(0)} a second by the clock, beside the callers).`,
    ),
    atMost(
      'start of the simulator',
      startMs / 1000,
      START_LIMIT_S,
      's',
      `From the start of \`vta-upgrade simulator\` to its ready file, ${TRUSTED_HOSTS} + 8 hosts, each with a TLS endpoint and certificates of its own.`,
    ),
  ];
}

function withHosts(count: number): ScenarioInput {
  const trusted = large.trusted.map((site) => ({
    ...site,
    clusters: site.clusters.map((one) => ({ ...one, hosts: { ...one.hosts, count } })),
  }));
  return { ...large, trusted };
}

function callsOfARun(
  authority: ConnectedVCenter,
  taCluster: string,
  trusted: ConnectedVCenter,
): (() => Promise<unknown>)[] {
  const poll = { everyMs: 20, deadlineMs: 10_000 };
  const tools = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)) };
  let hosts: { id: string; cluster: string | undefined }[] = [];
  let next = 0;
  const host = async () => {
    if (hosts.length === 0) hosts = (await trusted.vim.hosts.all()).map(({ id, cluster }) => ({ id, cluster }));
    next += 1;
    const one = hosts[next % hosts.length];
    if (one === undefined) throw new Error('no hosts');
    return one;
  };
  const readHost = async () => await trusted.vim.hosts.read((await host()).id);
  const clock = async () => await trusted.vim.server.currentTime();
  return [
    ...Array.from({ length: 5 }, () => [clock, readHost]).flat(),
    async () => await trusted.vim.hosts.ofCluster((await host()).cluster ?? ''),
    async () => await trusted.inventory.hosts({}),
    async () => await trusted.lifecycle.compliance((await host()).cluster ?? ''),
    async () => await trusted.tasks.list({ services: ['com.vmware.esx.settings.clusters.software'] }),
    async () => await trusted.vim.hostServices.list((await host()).id),
    async () =>
      await pollTask(authority.tasks, await authority.trustAuthority.attestationStatus(taCluster), poll, tools),
  ];
}

/** Calls one after the other, each caller from another place on, until the time is over. */
async function load(calls: (() => Promise<unknown>)[], caller: number): Promise<void> {
  const until = performance.now() + LOAD_MS;
  for (let turn = caller * 5; performance.now() < until; turn += 1) await calls[turn % calls.length]?.();
}

/** Processor time of a process so far, user and system. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
