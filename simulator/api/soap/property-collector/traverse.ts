import type { ManagedObject, ObjectSource } from '../managed-object';
import { soapFault } from '../vim25/faults';
import { isA } from '../vim25/type-table';
import { MoRef, type DataObject } from '../vim25/values';
import { readPath } from './read-path';

/** An ObjectSpec as it was decoded. */
export interface ObjectSpec extends DataObject {
  readonly obj: MoRef;
  readonly skip?: boolean;
  readonly selectSet?: readonly SelectionSpec[];
}

/** A TraversalSpec, or a SelectionSpec that names one. */
interface SelectionSpec extends DataObject {
  readonly name?: string;
  readonly type?: string;
  readonly path?: string;
  readonly skip?: boolean;
  readonly selectSet?: readonly SelectionSpec[];
}

/**
 * The objects that an ObjectSpec selects, each once, in the order of the walk. A property that leads nowhere ends
 * that branch. @throws SoapFault ManagedObjectNotFound, InvalidArgument (an unknown selection name), InvalidProperty
 */
export function selectObjects(spec: ObjectSpec, source: ObjectSource): ManagedObject[] {
  const named = new Map<string, SelectionSpec>();
  collectNames(spec.selectSet ?? [], named);
  const selected = new Map<string, ManagedObject>();
  // A recursive spec (folder in folder) comes back to itself; the same step from the same object is taken once.
  const walked = new Set<string>();

  const visit = (object: ManagedObject, skip: boolean, selections: readonly SelectionSpec[]): void => {
    if (!skip) selected.set(object.ref.toString(), object);
    for (const selection of selections) {
      const step = resolve(selection, named);
      const key = `${object.ref}|${[...named.values()].indexOf(step)}|${step.type}.${step.path}`;
      if (!step.type || !step.path || !isA(object.ref.type, step.type) || walked.has(key)) continue;
      walked.add(key);
      for (const ref of references(object, step.path)) {
        const next = source.find(ref);
        if (next) visit(next, step.skip ?? false, step.selectSet ?? []);
      }
    }
  };

  const start = source.find(spec.obj);
  if (!start) throw objectNotFound(spec.obj);
  visit(start, spec.skip ?? false, spec.selectSet ?? []);
  return [...selected.values()];
}

/** The fault for an id that no object has (any more). */
export function objectNotFound(ref: MoRef): Error {
  const message = `The object '${ref}' has already been deleted or has not been completely created`;
  return soapFault('ManagedObjectNotFound', message, { obj: ref });
}

function collectNames(selections: readonly SelectionSpec[], named: Map<string, SelectionSpec>): void {
  for (const selection of selections) {
    if (selection.name !== undefined && selection.path !== undefined) named.set(selection.name, selection);
    collectNames(selection.selectSet ?? [], named);
  }
}

function resolve(selection: SelectionSpec, named: ReadonlyMap<string, SelectionSpec>): SelectionSpec {
  if (selection.path !== undefined) return selection;
  const found = named.get(selection.name ?? '');
  if (!found) {
    throw soapFault('InvalidArgument', `No TraversalSpec is named "${selection.name}".`, {
      invalidProperty: 'selectSet.name',
    });
  }
  return found;
}

function references(object: ManagedObject, path: string): MoRef[] {
  const { value } = readPath(object, path);
  if (value instanceof MoRef) return [value];
  return Array.isArray(value) ? value.filter((item: unknown) => item instanceof MoRef) : [];
}
