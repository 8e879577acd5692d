import type { Clock } from './clock';
import { EventLog, type WorldEventKind } from './events';
import { Fault } from './fault';
import { Faults } from './faults';
import { Sessions } from './sessions';
import type { Settings } from './settings';
import type { Cluster, Host, VCenter, WorldState } from './state';
import { Tasks } from './tasks';

/**
 * A simulated site: state, clock, tasks, events, faults and sessions. The rules are functions beside it, one file a
 * subject; each takes the world first. Nothing in `world/` knows HTTP.
 */
export class World {
  readonly events: EventLog;
  readonly faults = new Faults();
  readonly sessions: Sessions;
  readonly tasks: Tasks;
  /** Trusted Clusters (vCenter and moid) whose trust configuration a task is changing. */
  readonly changingTrust = new Set<string>();

  constructor(
    readonly clock: Clock,
    readonly settings: Settings,
    readonly state: WorldState,
  ) {
    this.events = new EventLog(clock);
    this.sessions = new Sessions(clock, () => settings.durations.sessionIdle);
    this.tasks = new Tasks(
      clock,
      this.faults,
      { queued: () => settings.durations.taskQueued, retention: () => settings.durations.taskRetention },
      (id) => state.vCenters.find((vCenter) => vCenter.id === id) ?? null,
    );
    this.faults.onFired = (rule, point) =>
      this.events.add(
        'fault-fired',
        { vCenter: point.vCenter?.id, host: point.host?.name },
        { fault: rule.id, kind: rule.kind, ...(point.operation ? { operation: point.operation } : {}) },
      );
  }

  /** @throws Error for an id that the scenario does not have: a bug of the caller */
  vCenter(id: string): VCenter {
    const found = this.state.vCenters.find((vCenter) => vCenter.id === id);
    if (!found) throw new Error(`no vCenter ${id}`);
    return found;
  }

  /** The vCenter that manages a host, or null. */
  managerOf(host: Host): VCenter | null {
    return host.vCenter === null ? null : this.vCenter(host.vCenter);
  }

  /** @throws Error for a name that the scenario does not have: a bug of the caller */
  host(name: string): Host {
    const found = this.state.hosts.find((host) => host.name === name);
    if (!found) throw new Error(`no host ${name}`);
    return found;
  }

  /** Hosts in the inventory of a vCenter, in inventory order. */
  hostsOf(vCenter: VCenter, cluster?: string): Host[] {
    return this.state.hosts.filter(
      (host) => host.vCenter === vCenter.id && (cluster === undefined || host.cluster === cluster),
    );
  }

  /** A host by managed object id; null when this vCenter does not have it. */
  findHost(vCenter: VCenter, moid: string): Host | null {
    return this.state.hosts.find((host) => host.vCenter === vCenter.id && host.moid === moid) ?? null;
  }

  /** @throws Fault NOT_FOUND */
  hostByMoid(vCenter: VCenter, moid: string): Host {
    const host = this.findHost(vCenter, moid);
    if (!host) throw new Fault('NOT_FOUND', `The host ${moid} does not exist.`);
    return host;
  }

  /** @throws Fault NOT_FOUND */
  clusterByMoid(vCenter: VCenter, moid: string): Cluster {
    const cluster = vCenter.clusters.find((candidate) => candidate.moid === moid);
    if (!cluster) throw new Fault('NOT_FOUND', `The cluster ${moid} does not exist.`);
    return cluster;
  }

  /** Cluster of a host, or null. */
  clusterOf(host: Host): Cluster | null {
    if (host.cluster === null) return null;
    return this.managerOf(host)?.clusters.find((cluster) => cluster.moid === host.cluster) ?? null;
  }

  /** A fresh managed object id of a vCenter, e.g. `host-42`. */
  newMoid(vCenter: VCenter, prefix: string): string {
    const moid = `${prefix}-${vCenter.nextMoid}`;
    vCenter.nextMoid += 1;
    return moid;
  }

  /** Logs what happened to a host. */
  hostEvent(what: WorldEventKind, host: Host, detail: Record<string, unknown> = {}): void {
    this.events.add(what, { vCenter: host.vCenter, host: host.name }, detail);
  }

  close(): void {
    this.clock.close();
  }
}
