import type { ManagedObject } from '../managed-object';
import { soapFault, type SoapFault } from '../vim25/faults';
import { dataType, managedType, type Field, type FieldType } from '../vim25/type-table';
import type { DataObject, VimValue } from '../vim25/values';

/** A property read by its dotted path: what is declared at its end, and what stands there. */
export interface PropertyValue {
  readonly type: FieldType;
  readonly value: VimValue | undefined;
}

/**
 * Reads `summary.runtime.bootTime` of an object. A parent and its leaves agree because both come from one read of
 * the first property. An unset value on the way is an unset result, not an error.
 * @throws SoapFault InvalidProperty when the schema has no such path
 */
export function readPath(object: ManagedObject, path: string): PropertyValue {
  const [first = '', ...rest] = path.split('.');
  const property = find(managedType(object.ref.type)?.fields, first);
  if (!property) throw invalidProperty(path);
  let type = property.type;
  let value = object.read(first);
  for (const name of rest) {
    const holder = type.isArray || type.isReference ? undefined : dataType(dataTypeOf(type, value));
    if (!holder && isUnmodelled(type)) return { type, value: undefined };
    const field = find(holder?.fields, name);
    if (!field) throw invalidProperty(path);
    type = field.type;
    value = value === undefined ? undefined : (value as DataObject)[name];
  }
  return { type, value };
}

function find(fields: readonly Field[] | undefined, name: string): Field | undefined {
  return fields?.find((field) => field.name === name);
}

/** The type of the object that stands there, which may be derived from the declared one (`configurationEx`). */
function dataTypeOf(type: FieldType, value: VimValue | undefined): string {
  const actual = (value as DataObject | undefined)?.$type;
  return actual ?? type.name;
}

/** A data object that the tables leave out: always unset here, so the rest of the path cannot be checked. */
function isUnmodelled(type: FieldType): boolean {
  return !type.isArray && !type.isReference && /^[A-Z]/.test(type.name) && dataType(type.name) === undefined;
}

function invalidProperty(path: string): SoapFault {
  return soapFault('InvalidProperty', `The property ${path} is not valid.`, { name: path });
}
