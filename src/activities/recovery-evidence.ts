import { activityInfo } from '@temporalio/activity';
import type { PlannedHost } from '../model/plan';
import type { Pace } from '../model/pace';
import { isVsphereError } from '../vsphere/errors';
import { readAppliedTrust } from './applied-trust';
import type { ConnectedVCenter } from './connections';
import type { FindSite, Site } from './dependencies';
import { findByUuid } from './recovery-look';
import type { RecoveryActivities } from './recovery-activities';
import { callOptions } from './wait';

/** Logs that tell of an attestation or of a host that failed (R27); which of them a server lists is its own affair. */
const WANTED = ['attestd', 'kmxd', 'kmxa', 'hostd', 'vpxa', 'vmkernel'];
/** A vCenter gives at most so many lines in one call (govmomi's notes on the server). */
const MOST_LINES = 500;
const BEYOND_THE_END = 2 ** 31 - 1;
const MOST_EVENTS = 200;

/** What can be had about a failure before anything is removed: afterwards its vCenter has no way to the host any more. */
export function createRecoveryEvidenceActivities(findSite: FindSite): Pick<RecoveryActivities, 'vtaCollectEvidence'> {
  return {
    async vtaCollectEvidence(input) {
      const { host: planned, pace, runId, attempt, problem } = input;
      const site = findSite(input);
      const until = performance.now() + pace.services.deadlineMs / 2;
      const collection = new Collection(() => performance.now() < until);
      await collection.try('host and its vCenter', async () => {
        const vCenter = await site.connections.vCenter(planned.vCenter);
        const options = callOptions(pace);
        const host = await findByUuid(site, planned, pace);
        if (host === undefined) collection.missing.push(`the host: ${planned.vCenter} has none of its hardware UUID`);
        else {
          collection.add('the host as its vCenter sees it', host);
          await ofHost(collection, vCenter, { id: host.id, name: planned.name }, pace);
        }
        await collection.try('log vpxd', async () => await tail(vCenter, undefined, 'vpxd', pace));
        if (planned.role === 'trusted') await authorities(collection, site, planned, pace);
        else await peers(collection, site, planned, host?.cluster, pace);
        collection.add('clock of the vCenter', await vCenter.vim.server.currentTime(options));
      });
      const content = { host: planned.name, uuid: planned.uuid, runId, attempt, problem, ...collection.content() };
      // Each attempt has a file of its own: a later look may see less than an earlier one.
      const name = `evidence/${runId}-${planned.name}-${attempt}-${activityInfo().attempt}.json`;
      const written = await site.archive.write(name, `${JSON.stringify(content, undefined, 2)}\n`);
      return { ...written, collected: [...collection.found.keys()], missing: collection.missing };
    },
  };
}

/** What was found, and what was missed and why. Nothing that is missing is an error. */
class Collection {
  readonly found = new Map<string, unknown>();
  readonly missing: string[] = [];

  constructor(private readonly inTime: () => boolean) {}

  add(what: string, value: unknown): void {
    this.found.set(what, value);
  }

  /** @param work what it returns is added; undefined: it has added by itself, or named what is missing */
  async try(what: string, work: () => Promise<unknown>): Promise<void> {
    if (!this.inTime()) {
      this.missing.push(`${what}: the time for evidence was over`);
      return;
    }
    try {
      const value = await work();
      if (value !== undefined) this.add(what, value);
    } catch (error) {
      const why = isVsphereError(error) || error instanceof Error ? error.message : 'unknown';
      this.missing.push(`${what}: ${why}`);
    }
  }

  content() {
    return { collectedAt: new Date().toISOString(), missing: this.missing, found: Object.fromEntries(this.found) };
  }
}

async function ofHost(
  collection: Collection,
  vCenter: ConnectedVCenter,
  host: { id: string; name: string },
  pace: Pace,
): Promise<void> {
  const entity = { type: 'HostSystem', id: host.id };
  const options = callOptions(pace);
  const { vim } = vCenter;
  await collection.try('recent tasks of the host', () => vim.tasks.recentOf(entity, options));
  await collection.try('events of the host', () => vim.events.of(entity, { maxCount: MOST_EVENTS }, options));
  await collection.try('services of the host', () => vim.hostServices.list(host.id, options));
  for (const log of WANTED) await collection.try(`log ${log} of ${host.name}`, () => tail(vCenter, host.id, log, pace));
}

/** The other Trust Authority Hosts saw the same from their side. */
async function peers(
  collection: Collection,
  site: Site,
  planned: PlannedHost,
  cluster: string | undefined,
  pace: Pace,
): Promise<void> {
  const vCenter = await site.connections.vCenter(planned.vCenter);
  const id = cluster ?? (await site.connections.clusterId(planned.vCenter, planned.cluster));
  await collection.try('the other hosts', async () => {
    const others = (await vCenter.vim.hosts.ofCluster(id, callOptions(pace))).filter(
      ({ uuid }) => uuid !== planned.uuid,
    );
    for (const other of others)
      for (const log of ['attestd', 'kmxd'])
        await collection.try(`log ${log} of ${other.name}`, () => tail(vCenter, other.id, log, pace));
    return others.map(({ name, connectionState, build }) => ({ name, connectionState, build }));
  });
}

/** What the Trust Authority Hosts say of a Trusted Host, and what its vCenter says of the configuration of its cluster. */
async function authorities(collection: Collection, site: Site, planned: PlannedHost, pace: Pace): Promise<void> {
  await collection.try('trust configuration of the cluster', async () => {
    const cluster = await site.connections.clusterId(planned.vCenter, planned.cluster);
    return await readAppliedTrust(site, planned.vCenter, cluster, pace);
  });
  await collection.try('the Trust Authority Hosts', async () => {
    const vCenter = await site.connections.trustAuthorityVCenter();
    const hosts = await vCenter.vim.hosts.ofCluster(
      await site.connections.trustAuthorityClusterId(),
      callOptions(pace),
    );
    for (const { id, name } of hosts)
      await collection.try(`log attestd of ${name}`, () => tail(vCenter, id, 'attestd', pace));
    return hosts.map(({ name, connectionState, build }) => ({ name, connectionState, build }));
  });
}

/** The last lines of a log: its length is asked for first, by a line beyond the end (govmomi does the same). */
async function tail(
  vCenter: ConnectedVCenter,
  hostId: string | undefined,
  wanted: string,
  pace: Pace,
): Promise<string[]> {
  const { logs } = vCenter.vim;
  const options = callOptions(pace);
  const listed = await logs.list(hostId, options);
  const log = listed.find(({ key, fileName }) => key === wanted || fileName.endsWith(`/${wanted}.log`));
  if (log === undefined) throw new Error('not listed by the server');
  const of = { key: log.key, ...(hostId === undefined ? {} : { hostId }) };
  const { lineEnd } = await logs.read(of, { start: BEYOND_THE_END, lines: 1 }, options);
  const start = Math.max(1, lineEnd - MOST_LINES + 1);
  return [...(await logs.read(of, { start, lines: MOST_LINES }, options)).lines];
}
