import fc from 'fast-check';
import appliance from '../../../simulator/api/rest/contract/appliance.json';
import cis from '../../../simulator/api/rest/contract/cis.json';
import esxHosts from '../../../simulator/api/rest/contract/esx-hosts.json';
import clusters from '../../../simulator/api/rest/contract/esx-settings-clusters.json';
import depots from '../../../simulator/api/rest/contract/esx-settings-depots.json';
import trust from '../../../simulator/api/rest/contract/vcenter-trusted-infrastructure.json';
import vcenter from '../../../simulator/api/rest/contract/vcenter.json';

/** A type in the short notation of the contract: `string`, `list<@com.vmware.….summary>?`; `?` is optional. */
type Notation = string;

interface Named {
  readonly enum?: readonly string[];
  readonly fields?: Readonly<Record<string, Notation>>;
  /** By discriminant and its value: the fields that then may be there; `!`: must be there. All others must not. */
  readonly unions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** An operation of the contract, with the named types of its document. */
export interface ContractOperation {
  readonly request: string;
  readonly status: number;
  readonly result: Notation;
  readonly query?: Readonly<Record<string, Notation>>;
  readonly body?: Notation | Readonly<Record<string, Notation>>;
  readonly types: Readonly<Record<string, Named>>;
}

interface Document {
  readonly operations: Readonly<Record<string, Omit<ContractOperation, 'types'>>>;
  readonly types: Readonly<Record<string, Named>>;
}

const operations = ([appliance, cis, esxHosts, clusters, depots, trust, vcenter] as unknown as Document[]).flatMap(
  ({ operations: all, types }) => Object.values(all).map((operation) => ({ ...operation, types })),
);

/**
 * The operation that a request (`GET /api/…?…`) is, and what the contract has against it: unknown query parameters.
 * @throws Error if there is no such operation
 */
export function findOperation(request: string): { operation: ContractOperation; problems: string[] } {
  const [method, to, query] = split(request);
  const candidates = operations.filter((operation) => {
    const [theirMethod, theirPath, fixed] = split(operation.request);
    const pattern = theirPath.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.]/g, '\\.')));
    const matches = method === theirMethod && new RegExp(`^${pattern.join('/')}$`).test(to);
    return matches && [...fixed].every(([name, value]) => query.get(name) === value);
  });
  const [operation] = candidates.sort((a, b) => [...split(b.request)[2]].length - [...split(a.request)[2]].length);
  if (operation === undefined) throw new Error(`the contract has no operation for ${request}`);
  const fixed = split(operation.request)[2];
  const problems = [...query.keys()].filter((name) => !fixed.has(name) && !(name in (operation.query ?? {})));
  for (const [name, type] of Object.entries(operation.query ?? {})) {
    if (!type.endsWith('?') && !query.has(name)) problems.push(name);
  }
  return { operation, problems: problems.map((name) => `query parameter ${name}`) };
}

function split(request: string): [string, string, URLSearchParams] {
  const [method = '', url = ''] = request.split(' ');
  const [to = '', query = ''] = url.split('?');
  return [method, to, new URLSearchParams(query)];
}

/** What the contract has against a body: each line names a field. Nothing: it conforms. */
export function bodyProblems({ body: type, types }: ContractOperation, body: unknown): string[] {
  if (type === undefined) return body === undefined ? [] : ['a body where none belongs'];
  if (typeof type === 'string')
    return body === undefined && type.endsWith('?') ? [] : problemsOf(type, body, types, 'body');
  const mayBeNone = Object.values(type).every((field) => field.endsWith('?'));
  return body === undefined && mayBeNone ? [] : fieldProblems(type, body, types, 'body');
}

function problemsOf(type: Notation, value: unknown, types: ContractOperation['types'], at: string): string[] {
  const [kind, inner] = parse(type);
  const no = [`${at} is no ${type}`];
  if (type.endsWith('?') && value === null) return [];
  switch (kind) {
    case 'list':
    case 'set':
      return Array.isArray(value) ? value.flatMap((each, i) => problemsOf(inner, each, types, `${at}[${i}]`)) : no;
    case 'map': {
      if (typeof value !== 'object' || value === null) return no;
      const of = inner.slice(inner.indexOf(',') + 1);
      return Object.entries(value).flatMap(([key, each]) => problemsOf(of, each, types, `${at}.${key}`));
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : no;
    case 'integer':
    case 'double':
      return typeof value === 'number' ? [] : no;
    case '@': {
      const named = types[inner];
      if (named?.enum !== undefined) return named.enum.includes(String(value)) ? [] : no;
      return fieldProblems(named?.fields ?? {}, value, types, at);
    }
    default:
      return typeof value === 'string' ? [] : no;
  }
}

function fieldProblems(
  fields: Readonly<Record<string, Notation>>,
  value: unknown,
  types: ContractOperation['types'],
  at: string,
): string[] {
  if (typeof value !== 'object' || value === null) return [`${at} is no object`];
  // `of_tomorrow` stands in the wires for a field that a newer server has told us, and that we write back.
  const unknown = Object.keys(value).filter((name) => !(name in fields) && name !== 'of_tomorrow');
  const missing = Object.keys(fields).filter((name) => !fields[name]?.endsWith('?') && !(name in value));
  return [
    ...unknown.map((name) => `${at}.${name} is not in the contract`),
    ...missing.map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, each]) =>
      problemsOf(fields[name] ?? 'any', each, types, `${at}.${name}`).filter(() => name in fields),
    ),
  ];
}

/** Any answer that the contract allows for a type, optional fields sometimes there and sometimes not. */
export function answerOf(type: Notation, types: ContractOperation['types'], depth = 0): fc.Arbitrary<unknown> {
  const [kind, inner] = parse(type);
  const some = { maxLength: depth > 3 ? 1 : 2 };
  switch (kind) {
    case 'list':
    case 'set':
      return fc.array(answerOf(inner, types, depth + 1), some);
    case 'map': {
      const comma = inner.indexOf(',');
      const keys = answerOf(inner.slice(0, comma), types, depth + 1).map(String);
      return fc.dictionary(keys, answerOf(inner.slice(comma + 1), types, depth + 1), { maxKeys: some.maxLength });
    }
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer();
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'date-time':
      return fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((d) => d.toISOString());
    case 'id':
      return fc.string({ minLength: 1, maxLength: 12 });
    case 'any':
      return fc.jsonValue({ maxDepth: 2 });
    case 'any-error':
    case 'dynamic-struct':
      return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
    case '@': {
      const named = types[inner] ?? {};
      return named.enum === undefined ? structOf(named, types, depth) : fc.constantFrom(...named.enum);
    }
    default:
      return fc.string({ maxLength: 20 });
  }
}

function structOf(named: Named, types: ContractOperation['types'], depth: number): fc.Arbitrary<unknown> {
  // Messages nest in messages: deep down only what is required is made.
  const fields = Object.entries(named.fields ?? {}).filter(([, type]) => depth < 7 || !type.endsWith('?'));
  const values = fc.record(Object.fromEntries(fields.map(([name, type]) => [name, answerOf(type, types, depth + 1)])));
  const kept = fc.record(
    Object.fromEntries(fields.map(([name, type]) => [name, type.endsWith('?') ? fc.boolean() : fc.constant(true)])),
  );
  return fc.tuple(values, kept).map(([value, keep]) => {
    const answer: Record<string, unknown> = { ...value };
    const required = new Set<string>();
    for (const [discriminant, cases] of Object.entries(named.unions ?? {})) {
      const allowed = cases[String(value[discriminant])] ?? [];
      for (const name of Object.values(cases)
        .flat()
        .map((each) => each.replace('!', ''))) {
        if (!allowed.includes(name) && !allowed.includes(`${name}!`)) delete answer[name];
        if (allowed.includes(`${name}!`)) required.add(name);
      }
    }
    for (const [name, stays] of Object.entries(keep)) if (!stays && !required.has(name)) delete answer[name];
    return answer;
  });
}

/** `list<x>?` → `list`, `x`; `@a.b?` → `@`, `a.b`; `string?` → `string`, ``. */
function parse(type: Notation): [kind: string, inner: string] {
  const bare = type.endsWith('?') ? type.slice(0, -1) : type;
  if (bare.startsWith('@')) return ['@', bare.slice(1)];
  const open = bare.indexOf('<');
  return open < 0 ? [bare, ''] : [bare.slice(0, open), bare.slice(open + 1, -1)];
}
