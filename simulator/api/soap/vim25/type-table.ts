import { DATA_TYPES, ENUM_TYPES } from './vim25-data-types';
import { FAULT_TYPES } from './vim25-fault-types';
import { MANAGED_TYPES, METHODS } from './vim25-managed-types';

/** A declared type: what is between `name:` and `[]` in the tables. */
export interface FieldType {
  /** Wire type name; of a reference, the managed object type it points at. */
  readonly name: string;
  readonly isReference: boolean;
  readonly isArray: boolean;
}

/** A field of a data object, a property of a managed object, or a parameter of a method. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly optional: boolean;
}

export interface ObjectType {
  readonly name: string;
  readonly base: string | undefined;
  /** Inherited fields first, as they go on the wire. */
  readonly fields: readonly Field[];
}

export interface Method {
  readonly object: string;
  readonly name: string;
  readonly result: FieldType;
  /** The privilege the API reference names, if it names one. */
  readonly privilege: string | undefined;
  readonly parameters: readonly Field[];
}

// pyvmomi keeps this one type out of its tables: a fault with its message, as data.
const LOCALIZED_FAULT = 'DynamicData fault:MethodFault localizedMessage?:string';

const DATA = objectTypes({ ...DATA_TYPES, ...FAULT_TYPES, LocalizedMethodFault: LOCALIZED_FAULT });
const MANAGED = objectTypes(MANAGED_TYPES);
const METHOD_TABLE = new Map(Object.entries(METHODS).map(([key, line]) => [key, method(key, line)]));

/** A data object or fault type by its wire name. */
export function dataType(name: string): ObjectType | undefined {
  return DATA.get(name);
}

/** A managed object type with all its properties. */
export function managedType(name: string): ObjectType | undefined {
  return MANAGED.get(name);
}

/** Values of an enumeration, or undefined when the name is none. */
export function enumValues(name: string): readonly string[] | undefined {
  return ENUM_TYPES[name]?.split(' ');
}

/** Is `name` a fault type of the table? */
export function isFaultType(name: string): boolean {
  return name in FAULT_TYPES;
}

/** Does a value of type `name` fit where `base` is declared? Managed and data types alike. */
export function isA(name: string, base: string): boolean {
  if (base === 'ManagedObject') return true;
  for (let at: string | undefined = name; at !== undefined; at = (DATA.get(at) ?? MANAGED.get(at))?.base) {
    if (at === base) return true;
  }
  return false;
}

/** The method that a managed object of this type answers to, also when a base type declares it. */
export function findMethod(object: string, name: string): Method | undefined {
  for (let at: string | undefined = object; at !== undefined; at = MANAGED.get(at)?.base) {
    const found = METHOD_TABLE.get(`${at}.${name}`);
    if (found) return found;
  }
  return undefined;
}

/** Reads `string`, `HostService[]` or `@Task`, as the tables and the bindings write types. */
export function fieldType(text: string): FieldType {
  const isArray = text.endsWith('[]');
  const item = isArray ? text.slice(0, -2) : text;
  const isReference = item.startsWith('@');
  return { name: isReference ? item.slice(1) : item, isReference, isArray };
}

function field(text: string): Field {
  const colon = text.indexOf(':');
  const optional = text[colon - 1] === '?';
  return { name: text.slice(0, optional ? colon - 1 : colon), type: fieldType(text.slice(colon + 1)), optional };
}

function objectTypes(table: Readonly<Record<string, string>>): Map<string, ObjectType> {
  const types = new Map<string, ObjectType>();
  const load = (name: string): ObjectType | undefined => {
    const known = types.get(name);
    const line = table[name];
    if (known || line === undefined) return known;
    const [base = '-', ...fields] = line.split(' ');
    const inherited = load(base)?.fields ?? [];
    const type = { name, base: base === '-' ? undefined : base, fields: [...inherited, ...fields.map(field)] };
    types.set(name, type);
    return type;
  };
  Object.keys(table).forEach(load);
  return types;
}

function method(key: string, line: string): Method {
  const [object = '', name = ''] = key.split('.');
  const [result = 'void', privilege = '-', ...parameters] = line.split(' ');
  return {
    object,
    name,
    result: fieldType(result),
    privilege: privilege === '-' ? undefined : privilege,
    parameters: parameters.map(field),
  };
}

/** Every method of the table. */
export function allMethods(): Method[] {
  return [...METHOD_TABLE.values()];
}
