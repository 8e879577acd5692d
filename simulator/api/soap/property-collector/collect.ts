import type { ManagedObject, ObjectSource } from '../managed-object';
import { SoapFault, soapFault } from '../vim25/faults';
import { isA, managedType, type FieldType } from '../vim25/type-table';
import { Typed, type DataObject, type MoRef, type VimValue } from '../vim25/values';
import { readPath } from './read-path';
import { selectObjects, type ObjectSpec } from './traverse';

/** A PropertyFilterSpec as it was decoded. */
export interface FilterSpec extends DataObject {
  readonly propSet: readonly PropertySpec[];
  readonly objectSet: readonly ObjectSpec[];
}

interface PropertySpec extends DataObject {
  readonly type: string;
  readonly all?: boolean;
  readonly pathSet?: readonly string[];
}

/** A property that has a value. */
export interface SetProperty {
  readonly type: FieldType;
  readonly value: VimValue;
}

/** What a filter sees of one object. */
export interface CollectedObject {
  readonly ref: MoRef;
  /** Set properties, by path as asked for. */
  readonly properties: ReadonlyMap<string, SetProperty>;
  /** Properties that could not be read. */
  readonly missing: ReadonlyMap<string, SoapFault>;
}

/** How a session may read. */
export interface ReadRules {
  /** The fault that denies an object, or undefined. Asked once for each object. */
  denied(object: ManagedObject): SoapFault | undefined;
  /** An unknown property ends the call (documented for RetrievePropertiesEx), or is reported with each object (vcsim). */
  readonly errorsAt: 'fault' | 'missing-set';
}

/**
 * Carries out a filter: walks to the objects, keeps those that a PropertySpec names, reads their properties.
 * What a session may not read goes to `missing`.
 * @throws SoapFault InvalidProperty, InvalidArgument (no such type), ManagedObjectNotFound
 */
export function collect(spec: FilterSpec, source: ObjectSource, rules: ReadRules): CollectedObject[] {
  for (const { type } of spec.propSet) {
    if (!managedType(type) && type !== 'ManagedObject') {
      throw soapFault('InvalidArgument', `"${type}" is no managed object type.`, { invalidProperty: 'propSet.type' });
    }
  }
  const objects = new Map<string, ManagedObject>();
  for (const objectSpec of spec.objectSet) {
    for (const object of selectObjects(objectSpec, source)) objects.set(object.ref.toString(), object);
  }
  const collected: CollectedObject[] = [];
  for (const object of objects.values()) {
    const specs = spec.propSet.filter(({ type }) => isA(object.ref.type, type));
    if (specs.length > 0) collected.push(read(object, specs, rules));
  }
  return collected;
}

/** One object as `ObjectContent` of a RetrieveResult. */
export function writeObjectContent(object: CollectedObject): DataObject {
  return {
    obj: object.ref,
    propSet: [...object.properties].map(([name, property]) => ({ name, val: writeValue(property) })),
    missingSet: writeMissing(object),
  };
}

/** A property's value as anyType. */
export function writeValue({ type, value }: SetProperty): Typed {
  return value instanceof Typed ? value : new Typed(type, value);
}

/** Properties that could not be read, each with its fault. */
export function writeMissing(object: CollectedObject): DataObject[] {
  return [...object.missing].map(([path, { fault, message }]) => ({
    path,
    fault: { fault, localizedMessage: message },
  }));
}

function read(object: ManagedObject, specs: readonly PropertySpec[], rules: ReadRules): CollectedObject {
  const properties = new Map<string, SetProperty>();
  const missing = new Map<string, SoapFault>();
  const denied = rules.denied(object);
  for (const path of new Set(specs.flatMap((spec) => pathsOf(object, spec)))) {
    try {
      const { type, value } = readPath(object, path);
      if (denied) missing.set(path, denied);
      else if (value !== undefined) properties.set(path, { type, value });
    } catch (thrown) {
      if (!(thrown instanceof SoapFault) || rules.errorsAt === 'fault') throw thrown;
      missing.set(path, thrown);
    }
  }
  return { ref: object.ref, properties, missing };
}

/** The paths of a PropertySpec; `all` means every property of the object's own type. */
function pathsOf(object: ManagedObject, spec: PropertySpec): readonly string[] {
  if (spec.all !== true) return spec.pathSet ?? [];
  return managedType(object.ref.type)?.fields.map(({ name }) => name) ?? [];
}
