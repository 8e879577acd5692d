import { Fault } from './fault';
import { configurationChanged, consistency, holders, type Health, type TrustCluster } from './trust-cluster';
import type { TrustCopy } from './trust-state';

/** One kind of object of which every Trust Authority Host keeps a list. */
export interface Collection<T> {
  /** For messages and the log: `base image`. */
  kind: string;
  of(copy: TrustCopy): T[];
  /** What names an object in the API. */
  key(item: T): string;
  /** What of it has to be alike on all hosts. */
  form(item: T): unknown;
}

/** Objects of all reachable hosts, each once. */
export function listAll<T>(trust: TrustCluster, collection: Collection<T>): T[] {
  const found = new Map<string, T>();
  for (const { copy } of holders(trust)) {
    for (const item of collection.of(copy)) if (!found.has(collection.key(item))) found.set(collection.key(item), item);
  }
  return [...found.values()];
}

/** @throws Fault NOT_FOUND when no reachable host has it */
export function findOne<T>(trust: TrustCluster, collection: Collection<T>, key: string): T {
  const item = listAll(trust, collection).find((candidate) => collection.key(candidate) === key);
  if (item === undefined) throw new Fault('NOT_FOUND', `The ${collection.kind} ${key} does not exist.`);
  return item;
}

/** Health of one object: whether all hosts have it, and have it alike. */
export function healthOf<T>(trust: TrustCluster, collection: Collection<T>, key: string): Health {
  return consistency(trust, `${collection.kind} ${key}`, (copy) => {
    const item = collection.of(copy).find((candidate) => collection.key(candidate) === key);
    return item === undefined ? undefined : collection.form(item);
  });
}

/**
 * What creating an object means for a cluster in which some hosts have it already.
 * documented: ALREADY_EXISTS where it exists. Where only some hosts have it, no source tells: a switch.
 * @returns hosts to write to, and the error to report after that
 * @throws Fault ALREADY_EXISTS when nothing is to be written
 */
export function planCreate<T>(
  trust: TrustCluster,
  collection: Collection<T>,
  isThere: (item: T) => boolean,
  name: string,
): { targets: TrustCopy[]; hosts: string[]; after: Fault | null } {
  const all = holders(trust);
  const lacking = all.filter(({ copy }) => !collection.of(copy).some(isThere));
  const exists = new Fault('ALREADY_EXISTS', `The ${collection.kind} ${name} already exists.`);
  const { createOnPartial } = trust.world.settings.switches;
  const partial = lacking.length < all.length;
  if (lacking.length === 0 || (partial && createOnPartial === 'already-exists')) throw exists;
  return {
    targets: lacking.map(({ copy }) => copy),
    hosts: lacking.map(({ host }) => host.name),
    after: partial && createOnPartial === 'applied-with-error' ? exists : null,
  };
}

/** Writes an object to the hosts of a plan, each its own copy. @throws Fault ALREADY_EXISTS after the effect (a switch) */
export function createOn<T>(
  trust: TrustCluster,
  collection: Collection<T>,
  plan: ReturnType<typeof planCreate>,
  item: T,
): void {
  for (const copy of plan.targets) collection.of(copy).push(structuredClone(item));
  const hosts = trust.members.filter((host) => plan.hosts.includes(host.name));
  configurationChanged(trust, hosts, { kind: collection.kind, action: 'created', name: collection.key(item) });
  if (plan.after) throw plan.after;
}

/** Changes an object on every reachable host that has it. @throws Fault NOT_FOUND */
export function updateOne<T>(
  trust: TrustCluster,
  collection: Collection<T>,
  key: string,
  change: (item: T) => void,
): void {
  findOne(trust, collection, key);
  const touched = holders(trust).filter(({ copy }) => {
    const item = collection.of(copy).find((candidate) => collection.key(candidate) === key);
    if (item !== undefined) change(item);
    return item !== undefined;
  });
  const hosts = touched.map(({ host }) => host);
  configurationChanged(trust, hosts, { kind: collection.kind, action: 'updated', name: key });
}

/** Removes an object from every reachable host. @throws Fault NOT_FOUND */
export function removeOne<T>(trust: TrustCluster, collection: Collection<T>, key: string): void {
  findOne(trust, collection, key);
  const touched = holders(trust).filter(({ copy }) => {
    const items = collection.of(copy);
    const index = items.findIndex((candidate) => collection.key(candidate) === key);
    if (index >= 0) items.splice(index, 1);
    return index >= 0;
  });
  const hosts = touched.map(({ host }) => host);
  configurationChanged(trust, hosts, { kind: collection.kind, action: 'removed', name: key });
}
