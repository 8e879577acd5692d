import type { ObjectSource } from '../managed-object';
import { encode } from '../vim25/encode';
import { soapFault } from '../vim25/faults';
import type { DataObject, MoRef } from '../vim25/values';
import { collect, writeMissing, writeValue, type CollectedObject, type FilterSpec, type ReadRules } from './collect';

/** What a client has been told of one object: each path with its value as it was written. */
interface Told {
  readonly ref: MoRef;
  readonly values: ReadonlyMap<string, string>;
}

/** What a client knows at one version: filter, then object, then values. */
type Snapshot = ReadonlyMap<string, ReadonlyMap<string, Told>>;

interface Filter {
  readonly ref: MoRef;
  readonly spec: FilterSpec;
}

/** The filters of one PropertyCollector and what its client was told of them. Waiting is the caller's part. */
export class UpdateCollector {
  readonly #filters = new Map<string, Filter>();
  // The version before the last is kept: a client that lost the answer asks from it again.
  #snapshots: { readonly version: string; readonly snapshot: Snapshot }[] = [];
  #lastVersion = 0;

  filters(): MoRef[] {
    return [...this.#filters.values()].map(({ ref }) => ref);
  }

  /** Adds a filter. @throws SoapFault ManagedObjectNotFound, InvalidProperty when the spec does not work now */
  add(ref: MoRef, spec: FilterSpec, source: ObjectSource, rules: ReadRules): void {
    collect(spec, source, rules);
    this.#filters.set(ref.value, { ref, spec });
  }

  remove(filterId: string): boolean {
    return this.#filters.delete(filterId);
  }

  /**
   * What changed since `version` (unset or empty: everything) as an UpdateSet, or undefined when nothing did.
   * @throws SoapFault InvalidCollectorVersion for a version that was not handed out, or too long ago
   */
  updatesSince(
    version: string | undefined,
    maxObjectUpdates: number,
    source: ObjectSource,
    rules: ReadRules,
  ): DataObject | undefined {
    const before = this.#snapshotOf(version);
    const after = new Map<string, ReadonlyMap<string, Told>>();
    const filterSet: DataObject[] = [];
    let room = maxObjectUpdates;
    let truncated = false;
    for (const { ref, spec } of this.#filters.values()) {
      // An object that left the inventory since CreateFilter is no error here: the filter reports that it left.
      const objectSet = spec.objectSet.filter(({ obj }) => source.find(obj) !== undefined);
      const objects = collect({ ...spec, objectSet }, source, rules);
      const told = new Map(before.get(ref.value) ?? []);
      const changes = compare(told, objects);
      for (const change of changes.slice(0, room)) change.apply(told);
      const objectSetUpdates = changes.slice(0, room).map(({ update }) => update);
      truncated ||= changes.length > room;
      room -= objectSetUpdates.length;
      if (objectSetUpdates.length > 0) filterSet.push({ filter: ref, objectSet: objectSetUpdates });
      after.set(ref.value, told);
    }
    if (filterSet.length === 0) return undefined;
    this.#lastVersion += 1;
    const next = String(this.#lastVersion);
    this.#snapshots = [...this.#snapshots.slice(-1), { version: next, snapshot: after }];
    return { version: next, filterSet, ...(truncated ? { truncated } : {}) };
  }

  #snapshotOf(version: string | undefined): Snapshot {
    if (version === undefined || version === '') return new Map();
    const found = this.#snapshots.find((entry) => entry.version === version);
    if (!found) throw soapFault('InvalidCollectorVersion', `The version "${version}" is not valid.`);
    return found.snapshot;
  }
}

interface ObjectChange {
  readonly update: DataObject;
  readonly apply: (told: Map<string, Told>) => void;
}

/** ObjectUpdates that lead from what was told to what is: enter, modify, leave. */
function compare(told: ReadonlyMap<string, Told>, objects: readonly CollectedObject[]): ObjectChange[] {
  const changes: ObjectChange[] = [];
  const present = new Set<string>();
  for (const object of objects) {
    const key = object.ref.toString();
    present.add(key);
    const before = told.get(key);
    const values = new Map([...object.properties].map(([path, property]) => [path, written(property)]));
    const changeSet = [
      ...[...object.properties]
        .filter(([path]) => before?.values.get(path) !== values.get(path))
        .map(([name, property]) => ({ name, op: 'assign', val: writeValue(property) })),
      // Documented for properties: an unset one is an assignment without a value.
      ...[...(before?.values.keys() ?? [])].filter((path) => !values.has(path)).map((name) => ({ name, op: 'assign' })),
    ];
    if (before && changeSet.length === 0) continue;
    const missingSet = writeMissing(object);
    const update = { kind: before ? 'modify' : 'enter', obj: object.ref, changeSet, missingSet };
    changes.push({ update, apply: (map) => map.set(key, { ref: object.ref, values }) });
  }
  for (const [key, { ref }] of told) {
    if (!present.has(key)) changes.push({ update: { kind: 'leave', obj: ref }, apply: (map) => map.delete(key) });
  }
  return changes;
}

function written(property: Parameters<typeof writeValue>[0]): string {
  return encode('val', ANY, writeValue(property));
}

const ANY = { name: 'anyType', isReference: false, isArray: false };
