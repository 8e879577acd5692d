import { Fault } from '../../world/fault';
import type { NamedType } from './operation';

/**
 * Checks a JSON value against a type of the contract: kinds, required fields, enum values, unions, unknown fields.
 * @param type short notation, e.g. `list<@com.vmware.….summary>?`
 * @param where for the message, e.g. `body.key_server`
 * @throws Fault INVALID_ARGUMENT; UNEXPECTED_INPUT for fields that the contract does not have (guessed: which of the
 *   two a vCenter answers)
 */
export function checkValue(value: unknown, type: string, types: Record<string, NamedType>, where: string): void {
  if (type.endsWith('?')) {
    if (value === undefined || value === null) return;
    return checkValue(value, type.slice(0, -1), types, where);
  }
  const generic = /^(list|set|map)<(.*)>$/.exec(type);
  if (generic?.[1] === 'map') return checkMap(value, generic[2] ?? '', types, where);
  if (generic) {
    if (!Array.isArray(value)) throw wrong(where, 'a list', value);
    value.forEach((item, index) => checkValue(item, generic[2] ?? '', types, `${where}[${index}]`));
    return;
  }
  if (type.startsWith('@')) return checkNamed(value, type.slice(1), types, where);
  checkPrimitive(value, type, where);
}

function checkMap(value: unknown, inner: string, types: Record<string, NamedType>, where: string): void {
  if (!isObject(value)) throw wrong(where, 'an object', value);
  const comma = splitAtComma(inner);
  for (const [key, item] of Object.entries(value)) checkValue(item, comma, types, `${where}.${key}`);
}

/** Type of the values of `K,V`; keys are text on the wire whatever their type. */
function splitAtComma(inner: string): string {
  let depth = 0;
  for (let index = 0; index < inner.length; index += 1) {
    if (inner[index] === '<') depth += 1;
    if (inner[index] === '>') depth -= 1;
    if (inner[index] === ',' && depth === 0) return inner.slice(index + 1);
  }
  return 'any';
}

function checkNamed(value: unknown, name: string, types: Record<string, NamedType>, where: string): void {
  const type = types[name];
  // Types of the standard (LocalizableMessage and its kin) that a document does not hold are not ours to check.
  if (!type) return;
  if (type.enum) {
    if (typeof value !== 'string' || !type.enum.includes(value)) {
      throw wrong(where, `one of ${type.enum.join(', ')}`, value);
    }
    return;
  }
  if (!isObject(value)) throw wrong(where, 'an object', value);
  const fields = type.fields ?? {};
  for (const field of Object.keys(value)) {
    if (!(field in fields)) throw new Fault('UNEXPECTED_INPUT', `Unexpected field ${where}.${field}.`);
  }
  for (const [field, fieldType] of Object.entries(fields)) {
    if (value[field] === undefined && !fieldType.endsWith('?')) {
      throw new Fault('INVALID_ARGUMENT', `The field ${where}.${field} is required.`);
    }
    checkValue(value[field], fieldType, types, `${where}.${field}`);
  }
  checkUnions(value, type, where);
}

/** A field that belongs to another value of the discriminant must be absent (shown: VMware's client rejects it). */
function checkUnions(value: Record<string, unknown>, type: NamedType, where: string): void {
  for (const [discriminant, cases] of Object.entries(type.unions ?? {})) {
    const chosen = value[discriminant];
    if (typeof chosen !== 'string') continue;
    const mine = cases[chosen] ?? [];
    for (const member of new Set(Object.values(cases).flat())) {
      const field = member.replace('!', '');
      const present = value[field] !== undefined && value[field] !== null;
      const belongs = mine.some((candidate) => candidate.replace('!', '') === field);
      if (present && !belongs) {
        throw new Fault('INVALID_ARGUMENT', `${where}.${field} must be absent when ${discriminant} is ${chosen}.`);
      }
      if (!present && mine.includes(`${field}!`)) {
        throw new Fault('INVALID_ARGUMENT', `${where}.${field} is required when ${discriminant} is ${chosen}.`);
      }
    }
  }
}

function checkPrimitive(value: unknown, type: string, where: string): void {
  switch (type) {
    case 'void':
      if (value !== undefined && value !== null) throw wrong(where, 'nothing', value);
      return;
    case 'integer':
      if (!Number.isInteger(value)) throw wrong(where, 'an integer', value);
      return;
    case 'double':
      if (typeof value !== 'number') throw wrong(where, 'a number', value);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(where, 'true or false', value);
      return;
    case 'base64':
      if (typeof value !== 'string' || !isBase64(value)) throw wrong(where, 'base64 text', value);
      return;
    case 'date-time':
      if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) throw wrong(where, 'a date and time', value);
      return;
    case 'any':
    case 'any-error':
    case 'dynamic-struct':
      return;
    default:
      if (typeof value !== 'string') throw wrong(where, 'text', value);
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(where: string, wanted: string, got: unknown): Fault {
  const kind = got === null ? 'null' : Array.isArray(got) ? 'a list' : typeof got;
  return new Fault('INVALID_ARGUMENT', `${where}: expected ${wanted}, got ${kind}.`);
}
