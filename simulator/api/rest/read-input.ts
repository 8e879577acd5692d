import { Fault } from '../../world/fault';
import type { HttpRequest } from '../http';
import { checkValue, isObject } from './check-value';
import type { Operation } from './operation';

/** Longest nesting of a body; deeper ones are refused before they cost anything. */
const MAX_DEPTH = 32;

/**
 * Query parameters of an operation in the contract's types.
 * @throws Fault INVALID_ARGUMENT, UNEXPECTED_INPUT (a parameter that the operation does not have: guessed)
 */
export function readQuery(operation: Operation, query: URLSearchParams): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    if (name in operation.fixedQuery) continue;
    const type = operation.query[name];
    if (type === undefined) throw new Fault('UNEXPECTED_INPUT', `Unexpected query parameter ${name}.`);
    const plain = type.replace(/\?$/, '');
    const many = /^(?:list|set)<(.*)>$/.exec(plain);
    const texts = query.getAll(name);
    if (!many && texts.length > 1) throw new Fault('INVALID_ARGUMENT', `The query parameter ${name} is repeated.`);
    const items = texts.map((text) => fromText(text, many?.[1] ?? plain));
    values[name] = many ? items : items[0];
  }
  for (const [name, type] of Object.entries(operation.query)) {
    if (values[name] === undefined && !type.endsWith('?')) {
      throw new Fault('INVALID_ARGUMENT', `The query parameter ${name} is required.`);
    }
    checkValue(values[name], type, operation.types, name);
  }
  return values;
}

function fromText(text: string, type: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'integer' || type === 'double') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text;
}

/**
 * The JSON body of an operation.
 * recorded: VMware's runtime sends `null` for an unset optional body, and `{}` with a GET: both mean "no body".
 * @throws Fault INVALID_ARGUMENT, UNEXPECTED_INPUT
 */
export function readBody(operation: Operation, request: HttpRequest): unknown {
  const text = request.body.toString('utf8').trim();
  const value = text === '' ? undefined : withoutNulls(parse(text));
  if (operation.body === null) {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object' && Object.keys(value).length === 0) return undefined;
    throw new Fault('INVALID_ARGUMENT', 'The operation has no body.');
  }
  if (typeof operation.body === 'string') {
    const empty = value === null || value === undefined;
    checkValue(empty ? undefined : value, operation.body, operation.types, 'body');
    return empty ? undefined : value;
  }
  const object = value ?? {};
  checkValue(object, '@body', { ...operation.types, body: { fields: operation.body } }, 'body');
  return object;
}

function parse(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) throw new Fault('INVALID_ARGUMENT', 'The body is nested too deeply.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Fault('INVALID_ARGUMENT', 'The body is not JSON.');
  }
}

/** `null` for an unset optional field means the same as leaving it out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}

/** Depth of brackets, text in quotes left out. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
