import { describe, expect, it } from 'vitest';
import { JsonRefused, readJson } from '../../src/vsphere/json-reader';

const lists = (levels: number): Buffer => Buffer.from(`${'['.repeat(levels)}${']'.repeat(levels)}`);

describe('an answer of JSON', () => {
  it('is read from UTF-8, with or without a mark in front; an empty one is nothing', () => {
    expect(readJson(Buffer.from('{"name":"h\u00f6st"}'))).toEqual({ name: 'höst' });
    expect(readJson(Buffer.from('\ufeff{"name":"höst"}'))).toEqual({ name: 'höst' });
    expect(readJson(Buffer.from(' \n'))).toBeUndefined();
  });

  it('is refused in another character set: the name would be another one', () => {
    expect(() => readJson(Buffer.from('{"name":"höst"}', 'latin1'))).toThrow(JsonRefused);
    expect(() => readJson(Buffer.from('{"name":"höst"}', 'latin1'))).toThrow('is not UTF-8');
  });

  it('is refused when it is deeper than whoever writes it into a history can follow', () => {
    expect(readJson(lists(64))).toBeInstanceOf(Array);
    expect(() => readJson(lists(65))).toThrow('has more than 64 levels');
    expect(() => readJson(lists(100_000))).toThrow('has more than 64 levels');
  });
});
