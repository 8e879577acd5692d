import { escapeXml, writeElement } from '../xml/write-xml';
import { dataType, enumValues, isA, type FieldType } from './type-table';
import { MoRef, Typed, type DataObject, type VimValue } from './values';

/**
 * Writes a value where the schema declares `type`: a list as repeated elements, a data object with its fields in
 * declared order, and xsi:type only where the value's own type differs (`contract/vim25-soap.md` §2).
 * Throws a TypeError when the value does not fit: then the simulator is wrong, not its client.
 */
export function encode(name: string, type: FieldType, value: VimValue): string {
  if (!type.isArray) return encodeItem(name, type, value);
  if (!Array.isArray(value)) throw new TypeError(`${name}: expected a list of ${type.name}`);
  return value.map((item: VimValue) => encodeItem(name, type, item)).join('');
}

/** Writes a value where nothing or only anyType is declared (`DynamicProperty.val`): its type always goes with it. */
function encodeAny(name: string, type: FieldType, value: VimValue): string {
  if (type.name === 'anyType') return encodeItem(name, type, value);
  const item = type.isReference ? 'ManagedObjectReference' : type.name;
  if (type.isArray) {
    const content = encode(isData(type) || type.isReference ? item : xsdName(type.name), type, value);
    return writeElement(name, content, { 'xsi:type': `ArrayOf${capitalised(wireTypeName(item))}` });
  }
  if (value instanceof MoRef) return writeReference(name, value, { 'xsi:type': item });
  if (isData(type)) return encodeData(name, (value as DataObject).$type ?? type.name, value as DataObject, true);
  const xsiType = enumValues(type.name) ? type.name : `xsd:${xsdName(type.name)}`;
  return writeElement(name, scalar(name, type.name, value), { 'xsi:type': xsiType });
}

function encodeItem(name: string, type: FieldType, value: VimValue): string {
  if (type.name === 'anyType') {
    if (!(value instanceof Typed)) throw new TypeError(`${name}: an anyType needs a typed value`);
    return encodeAny(name, value.type, value.value);
  }
  if (type.isReference) {
    if (!(value instanceof MoRef)) throw new TypeError(`${name}: expected a reference to ${type.name}`);
    return writeReference(name, value);
  }
  if (!isData(type)) return writeElement(name, scalar(name, type.name, value));
  const data = value as DataObject;
  const actual = data.$type ?? type.name;
  if (!isA(actual, type.name)) throw new TypeError(`${name}: ${actual} is no ${type.name}`);
  return encodeData(name, actual, data, actual !== type.name);
}

/** Writes the fields of a data object; also used for the fault inside a SOAP `detail`. */
export function encodeFields(typeName: string, data: DataObject): string {
  const type = dataType(typeName);
  if (!type) throw new TypeError(`vim25 type ${typeName} is not in the tables`);
  const known = new Set(['$type', ...type.fields.map((field) => field.name)]);
  const stray = Object.keys(data).find((key) => !known.has(key));
  if (stray !== undefined) throw new TypeError(`${typeName} has no field ${stray}`);
  return type.fields
    .map((field) => {
      const value = data[field.name];
      if (value !== undefined) return encode(field.name, field.type, value);
      // A list without elements and an unset list look the same on the wire.
      if (!field.optional && !field.type.isArray) throw new TypeError(`${typeName}.${field.name} is not set`);
      return '';
    })
    .join('');
}

function encodeData(name: string, typeName: string, data: DataObject, withType: boolean): string {
  return writeElement(name, encodeFields(typeName, data), withType ? { 'xsi:type': typeName } : {});
}

function writeReference(name: string, ref: MoRef, more: Readonly<Record<string, string>> = {}): string {
  return writeElement(name, escapeXml(ref.value), { type: ref.type, ...more });
}

function isData(type: FieldType): boolean {
  return !type.isReference && dataType(type.name) !== undefined;
}

const INTEGERS = new Set(['int', 'long', 'short', 'byte']);

/** Text of a simple value; a value of another kind is refused. */
function scalar(name: string, type: string, value: VimValue): string {
  if (type === 'boolean' && typeof value === 'boolean') return String(value);
  if (INTEGERS.has(type) && typeof value === 'number' && Number.isInteger(value)) return String(value);
  if ((type === 'double' || type === 'float') && typeof value === 'number') return String(value);
  if (type === 'dateTime' && value instanceof Date) return value.toISOString();
  const values = enumValues(type);
  if (values && typeof value === 'string' && values.includes(value)) return escapeXml(value);
  if (TEXTS.has(type) && typeof value === 'string') return escapeXml(value);
  throw new TypeError(`${name}: ${JSON.stringify(value)} is no ${type}`);
}

const TEXTS = new Set(['string', 'TypeName', 'MethodName', 'PropertyPath', 'anyURI', 'base64Binary']);

/** The XML Schema name of a simple type: the names of types, methods and paths are strings on the wire. */
function xsdName(type: string): string {
  return type === 'TypeName' || type === 'MethodName' || type === 'PropertyPath' ? 'string' : type;
}

function wireTypeName(type: string): string {
  return dataType(type) || enumValues(type) || type === 'ManagedObjectReference' ? type : xsdName(type);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
