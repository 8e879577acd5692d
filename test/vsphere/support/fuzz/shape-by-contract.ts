import type { ContractOperation } from '../contract';

type Types = ContractOperation['types'];

/** How the product reads less strictly than the contract is written; fields are `type.field`. */
export interface Leniency {
  /** Fields that the product reads; others are kept as they came, and may be anything. */
  readonly read: ReadonlySet<string>;
  /** Fields that the contract requires and the product can do without. */
  readonly mayBeMissing: ReadonlySet<string>;
}

/**
 * What is wrong with a value that a client gives, by the type that the contract declares and with what readers are
 * allowed: enum values that nobody knows are strings, messages are `{id, text}`, an optional field that is `null` is
 * absent. Nothing: it has the declared shape.
 *
 */
export function shapeProblems(type: string, value: unknown, types: Types, leniency: Leniency): string[] {
  const check = (declared: string, given: unknown, at: string): string[] => {
    if (declared.endsWith('?') && given === undefined) return [];
    const { bare, kind, inner } = parse(declared);
    const good = (is: boolean): string[] =>
      is ? [] : [`${at === '' ? 'the answer' : at} is ${describe(given)}, not ${bare}`];
    switch (kind) {
      case 'any':
      case 'any-error':
      case 'dynamic-struct':
        return [];
      case 'boolean':
        return good(typeof given === 'boolean');
      case 'integer':
      case 'double':
        return good(typeof given === 'number' && Number.isFinite(given));
      case 'date-time':
        return good(typeof given === 'string' && isTime(given));
      case 'list':
      case 'set':
        if (!Array.isArray(given)) return good(false);
        return given.flatMap((each, index) => check(inner, each, `${at}[${index}]`));
      case 'map':
        if (!isRecord(given)) return good(false);
        return Object.entries(given).flatMap(([key, each]) => check(valueType(inner), each, `${at}.${key}`));
      case '@': {
        if (isMessageType(inner)) return good(isMessage(given));
        const named = types[inner];
        if (named?.enum !== undefined) return good(typeof given === 'string');
        if (!isRecord(given)) return good(false);
        return Object.entries(named?.fields ?? {})
          .filter(([name]) => leniency.read.has(`${inner}.${name}`))
          .flatMap(([name, field]) => {
            const inside = Object.hasOwn(given, name) ? given[name] : undefined;
            if (inside === undefined && leniency.mayBeMissing.has(`${inner}.${name}`)) return [];
            return check(field, inside, `${at}.${name}`);
          });
      }
      default:
        return good(typeof given === 'string');
    }
  };
  return check(type, value, '');
}

/** The fields (`type.field`) that an answer has, of all types of the contract that stand in it. */
export function fieldsOf(type: string, answer: unknown, types: Types): string[] {
  const { kind, inner } = parse(type);
  if (Array.isArray(answer)) return answer.flatMap((each) => fieldsOf(inner, each, types));
  if (!isRecord(answer)) return [];
  if (kind === 'map') return Object.values(answer).flatMap((each) => fieldsOf(valueType(inner), each, types));
  if (kind !== '@' || isMessageType(inner)) return [];
  return Object.entries(types[inner]?.fields ?? {})
    .filter(([name]) => Object.hasOwn(answer, name))
    .flatMap(([name, field]) => [`${inner}.${name}`, ...fieldsOf(field, answer[name], types)]);
}

function parse(type: string): { bare: string; kind: string; inner: string } {
  const bare = type.replace(/\?$/, '');
  if (bare.startsWith('@')) return { bare, kind: '@', inner: bare.slice(1) };
  const open = bare.indexOf('<');
  return open < 0
    ? { bare, kind: bare, inner: '' }
    : { bare, kind: bare.slice(0, open), inner: bare.slice(open + 1, -1) };
}

const valueType = (inner: string): string => inner.slice(inner.indexOf(',') + 1);

const isMessageType = (name: string): boolean => name.endsWith('localizable_message');

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMessage(value: unknown): boolean {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['text'] === 'string';
}

/** ISO 8601 to the second, which every vCenter writes; `Date.parse` alone takes `1` for a point in time. */
function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text));
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60);
}
