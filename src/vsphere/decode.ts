/**
 * Reads JSON that somebody else wrote. Lenient where a newer server may differ: fields that we do not know are kept,
 * enum values that we do not know stay strings, `null` is an absent optional field. Strict where we would otherwise
 * work with something that is not there: a missing or wrong-typed field is a `Misread` that names the field.
 */

/** Turns a JSON value into a `T`, or throws `Misread`. `at` is the path of the value, '' for the whole answer. */
export type Decoder<T> = (value: unknown, at: string) => T;

/** The type that a decoder gives. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

/** A value is not what it should be. Clients turn it into `AnswerNotUnderstood`, which also names the operation. */
export class Misread extends Error {
  override readonly name = 'Misread' as const;
  /** `problem` says what was expected and which kind of value came, never the value itself. */
  constructor(
    readonly field: string,
    readonly problem: string,
  ) {
    super(`${field === '' ? 'the answer' : field} ${problem}`);
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function misread(at: string, expected: string, value: unknown): Misread {
  return new Misread(at, value === undefined ? `is missing (${expected})` : `is ${kindOf(value)}, not ${expected}`);
}

/** Any string, the empty one too. */
export const string: Decoder<string> = (value, at) => {
  if (typeof value !== 'string') throw misread(at, 'a string', value);
  return value;
};

/** A string that names something: not empty, since an empty id in a path would name something else. */
export const id: Decoder<string> = (value, at) => {
  if (typeof value !== 'string') throw misread(at, 'an id', value);
  if (value === '') throw new Misread(at, 'is an empty id');
  return value;
};

/** A finite number. Some services write large ones as strings of digits; those are read too. */
export const number: Decoder<number> = (value, at) => {
  const read = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read)) throw misread(at, 'a number', value);
  return read;
};

export const boolean: Decoder<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw misread(at, 'true or false', value);
  return value;
};

/** ISO 8601 to the second; `Date.parse` alone also takes `1` and `May` for points in time. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** A point in time as the server wrote it (ISO 8601); one that cannot be compared later is refused now. */
export const timestamp: Decoder<string> = (value, at) => {
  if (typeof value !== 'string') throw misread(at, 'a point in time', value);
  if (!ISO_TIME.test(value) || Number.isNaN(Date.parse(value))) throw new Misread(at, 'is not a point in time');
  return value;
};

/** Whatever it is, kept as it came. */
export const anything: Decoder<unknown> = (value) => value;

/** Nothing is expected, and whatever comes is ignored: the result of operations that return nothing. */
export const nothing: Decoder<undefined> = () => undefined;

/** One of the values known today, or a string of tomorrow: code must have an answer for "none of these". */
export type OneOf<Known extends string> = Known | (string & {});

/** See {@link OneOf}. The values are for the type and for the reader; any string passes. */
export function oneOf<Known extends string>(..._known: readonly Known[]): Decoder<OneOf<Known>> {
  return string;
}

export function list<T>(of: Decoder<T>): Decoder<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw misread(at, 'a list', value);
    return value.map((item, index) => of(item, `${at}[${index}]`));
  };
}

/** A JSON object that is a map from ids to values. */
export function mapOf<T>(of: Decoder<T>): Decoder<Record<string, T>> {
  return (value, at) => {
    if (!isObject(value)) throw misread(at, 'an object', value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, of(item, join(at, key))]));
  };
}

type Fields = Readonly<Record<string, Decoder<unknown>>>;

/** What {@link object} gives: required fields, optional fields (absent, never `undefined`), and whatever else came. */
export type ObjectOf<R extends Fields, O extends Fields> = { [K in keyof R]: Decoded<R[K]> } & {
  [K in keyof O]?: Decoded<O[K]>;
};

/** An object with these fields. Fields that are not named here are kept as they came. */
export function object<R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Decoder<ObjectOf<R, O>> {
  return (value, at) => {
    if (!isObject(value)) throw misread(at, 'an object', value);
    const read: Record<string, unknown> = { ...value };
    for (const [key, decode] of Object.entries(required)) read[key] = decode(own(value, key), join(at, key));
    for (const [key, decode] of Object.entries(optional ?? {})) {
      const field = own(value, key);
      if (field === undefined || field === null) delete read[key];
      else read[key] = decode(field, join(at, key));
    }
    return read as ObjectOf<R, O>;
  };
}

/** True for a JSON object (no list, not `null`). */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of the object itself: an answer must not reach what JavaScript objects inherit. */
function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}
