import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as d from '../../src/vsphere/decode';

function problem(run: () => unknown): d.Misread {
  try {
    run();
  } catch (error) {
    if (error instanceof d.Misread) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

const image = d.object({ version: d.id, health: d.oneOf('OK', 'ERROR') }, { attested: d.timestamp });

describe('an object', () => {
  it('keeps fields and enum values that are not known', () => {
    const read = image({ version: '8.0.3', health: 'GREAT', colour: 'blue' }, '');
    expect(read).toEqual({ version: '8.0.3', health: 'GREAT', colour: 'blue' });
  });

  it('reads null as an absent optional field', () => {
    expect(Object.keys(image({ version: '8', health: 'OK', attested: null }, ''))).toEqual(['version', 'health']);
  });

  it('names the field that is missing or wrong, at any depth, and not its value', () => {
    const decode = d.list(d.object({ images: d.mapOf(image) }));
    const wrong = problem(() => decode([{ images: { a: { version: 'hunter2', health: 7 } } }], ''));
    expect(wrong).toMatchObject({ field: '[0].images.a.health', problem: 'is a number, not a string' });
    expect(problem(() => decode([{}], ''))).toMatchObject({ field: '[0].images', problem: 'is missing (an object)' });
    expect(wrong.message).not.toContain('hunter2');
  });

  it('does not take inherited properties for fields, nor change prototypes', () => {
    const decode = d.object({ constructor: d.anything }, { toString: d.string });
    expect(decode({}, '')['constructor']).toBeUndefined();
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "version": "8", "health": "OK"}') as unknown;
    const read = image(hostile, '');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(d.mapOf(d.anything)(hostile, '')).toHaveProperty('version');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('single values', () => {
  it.each([
    ['an empty id', d.id, ''],
    ['a number that is none', d.number, 'x'],
    ['an infinite number', d.number, Infinity],
    ['a point in time that is none', d.timestamp, 'yesterday'],
    ['a number for a point in time', d.timestamp, '1'],
    ['a day for a point in time', d.timestamp, '2024-05-01'],
    ['a string for true', d.boolean, 'true'],
    ['an object for a list', d.list(d.string), {}],
    ['a list for an object', d.object({}), []],
    ['null for a string', d.string, null],
  ] as [string, d.Decoder<unknown>, unknown][])('%s is refused', (_what, decode, value) => {
    expect(problem(() => decode(value, 'field')).field).toBe('field');
  });

  it('numbers may come as strings of digits', () => {
    expect(d.number('9007199254740000', '')).toBe(9007199254740000);
  });
});

/** A value that is like a good one, with one part of it replaced by something else. */
function damaged(good: fc.JsonValue): fc.Arbitrary<unknown> {
  return fc.tuple(fc.jsonValue(), fc.nat(30)).map(([junk, place]) => {
    let seen = 0;
    const walk = (value: unknown): unknown => {
      if (seen++ === place) return junk;
      if (Array.isArray(value)) return value.map(walk);
      if (d.isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v)]));
      return value;
    };
    return walk(good);
  });
}

describe('any JSON at all', () => {
  const decode = d.object(
    { list: d.list(image), map: d.mapOf(d.number), at: d.timestamp, yes: d.boolean },
    { more: d.object({}, { again: d.list(d.mapOf(d.anything)) }) },
  );
  const good = {
    list: [{ version: '8', health: 'OK', attested: '2024-05-01T10:00:00Z' }],
    map: { a: 1, b: 2 },
    at: '2024-05-01T10:00:00Z',
    yes: true,
    more: { again: [{ x: null }] },
  };

  it('is read, or refused as Misread, and nothing else', () => {
    expect(() => decode(good, '')).not.toThrow();
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), damaged(good), damaged(good)), (value) => {
        try {
          const read = decode(value, '');
          // What was read is what the type says.
          expect(read.list.every((each) => each.version !== '' && typeof each.health === 'string')).toBe(true);
          expect(Number.isNaN(Date.parse(read.at))).toBe(false);
        } catch (error) {
          if (!(error instanceof d.Misread)) throw error;
          refused++;
        }
      }),
      { numRuns: 5000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});
