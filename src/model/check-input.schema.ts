import { z } from 'zod';
import { problemAt, type Checked, type InputPath, type InputProblem, type Locate } from './input-problem';
import { nearest } from './nearest';

/**
 * Checks an input against a schema and reports everything that is wrong with it at once, in this product's words.
 * No message repeats a value: what stands in the wrong place may be a secret.
 * @param locate finds places in the file that the value was read from
 */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown, locate?: Locate): Checked<T> {
  const result = schema.safeParse(value, { error: words });
  if (result.success) return { kind: 'valid', value: result.data };
  const shape = inputJsonSchema(schema);
  return { kind: 'invalid', problems: result.error.issues.flatMap((issue) => toProblems(issue, value, shape, locate)) };
}

/** The JSON Schema of what may be written, before defaults are filled in. */
export function inputJsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input' });
}

/**
 * A union whose branch is chosen by the shape of the input, so that problems speak of the branch that was meant
 * instead of all that were not.
 * @param options all branches, for the JSON Schema
 * @param choose the branch that the input looks like
 */
export function shaped<T>(options: z.ZodType<T>[], choose: (value: unknown) => z.ZodType<T>) {
  return z
    .unknown()
    .transform((value, context): T => {
      const result = choose(value).safeParse(value, { error: words });
      if (result.success) return result.data;
      // Finished issues are pushed on as they are: zod keeps their messages and puts our path before theirs.
      for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
      return z.NEVER;
    })
    .meta({ anyOf: options.map((option) => withoutVersion(inputJsonSchema(option))) });
}

function withoutVersion({ $schema: _version, ...rest }: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  return rest;
}

const EXPECTED: Partial<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with keys',
  record: 'an object with keys',
};

/** The sentence for an issue whose schema brings none of its own. */
function words(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}, not ${kindOf(issue.input)}`;
    case 'invalid_value':
      if (issue.input === undefined) return `is missing: it must be ${oneOf(issue.values)}`;
      return `must be ${oneOf(issue.values)}`;
    case 'invalid_union': {
      const options: unknown = issue['options'];
      return Array.isArray(options) ? `must be ${oneOf(options)}` : 'must be an object with keys';
    }
    case 'too_small':
      if (issue.origin === 'number') return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
      return issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'number') return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
      return `must have at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'entries'}`;
    case 'invalid_key':
      return `is no valid name here: it ${issue.issues[0]?.message ?? 'is not valid'}`;
    // Schemas bring their own sentence for these, and unknown keys become one problem each.
    case 'custom':
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object with keys';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

function oneOf(values: readonly unknown[]): string {
  const written = values.map((value) => JSON.stringify(value));
  return written.length < 2 ? written.join('') : `${written.slice(0, -1).join(', ')} or ${written.at(-1)}`;
}

function toProblems(
  issue: z.core.$ZodIssue,
  root: unknown,
  shape: z.core.JSONSchema.BaseSchema,
  locate?: Locate,
): InputProblem[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const written = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(shape, root, path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const hint = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
      return problemAt([...path, key], `unknown key; ${hint}`, locate, { part: 'key', nearest: meant });
    });
  }
  const meant = typeof written === 'string' ? nearest(written, allowedValues(issue)) : undefined;
  const description = written === undefined ? descriptionAt(shape, root, path) : undefined;
  const hint = description === undefined ? '' : `: ${description}`;
  const message = meant === undefined ? issue.message + hint : `${issue.message}; did you mean "${meant}"?`;
  const part = issue.code === 'invalid_key' ? 'key' : 'value';
  return [problemAt(path, message, locate, { part, nearest: meant })];
}

function allowedValues(issue: z.core.$ZodIssue): string[] {
  const options: unknown = issue.code === 'invalid_value' ? issue.values : 'options' in issue ? issue.options : [];
  return Array.isArray(options) ? options.filter((option) => typeof option === 'string') : [];
}

interface Place {
  shape: z.core.JSONSchema._JSONSchema;
  value: unknown;
}

/** The keys that may stand in the object at a path; of all branches that the object may be, where there are several. */
function keysAt(shape: z.core.JSONSchema.BaseSchema, root: unknown, path: InputPath): string[] {
  const branches = placesAt(shape, root, path).flatMap(branchesOf);
  return [...new Set(branches.flatMap((branch) => Object.keys(branch.shape.properties ?? {})))];
}

/** What the schema says of the value at a path: told to somebody who left it out. */
function descriptionAt(shape: z.core.JSONSchema.BaseSchema, root: unknown, path: InputPath): string | undefined {
  for (const place of placesAt(shape, root, path)) {
    if (typeof place.shape !== 'boolean' && place.shape.description !== undefined) return place.shape.description;
  }
  return undefined;
}

function placesAt(shape: z.core.JSONSchema.BaseSchema, root: unknown, path: InputPath): Place[] {
  return path.reduce<Place[]>(
    (found, part) =>
      found.flatMap(branchesOf).flatMap((branch) => childOf(branch.shape, part, valueAt(branch.value, [part]))),
    [{ shape, value: root }],
  );
}

interface Branch {
  shape: z.core.JSONSchema.BaseSchema;
  value: unknown;
}

function branchesOf({ shape, value }: Place): Branch[] {
  if (typeof shape === 'boolean') return [];
  const nested = [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])].filter((branch) => mayBe(branch, value));
  return [{ shape, value }, ...nested.flatMap((branch) => branchesOf({ shape: branch, value }))];
}

/** False when a key that tells the branches apart, such as `from`, has the value of another branch. */
function mayBe(shape: z.core.JSONSchema._JSONSchema, value: unknown): boolean {
  if (typeof shape === 'boolean') return shape;
  return Object.entries(shape.properties ?? {}).every(
    ([key, property]) =>
      typeof property === 'boolean' || property.const === undefined || property.const === valueAt(value, [key]),
  );
}

function childOf(shape: z.core.JSONSchema.BaseSchema, part: string | number, value: unknown): Place[] {
  const items = Array.isArray(shape.items) ? undefined : shape.items;
  const child = typeof part === 'number' ? items : (shape.properties?.[part] ?? shape.additionalProperties);
  return child === undefined ? [] : [{ shape: child, value }];
}

function valueAt(root: unknown, path: InputPath): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    root,
  );
}
