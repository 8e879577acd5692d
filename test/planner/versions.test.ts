import { describe, expect, it } from 'vitest';
import {
  compareEsxi,
  compareReleases,
  compareVersions,
  esxiOf,
  majorOf,
  parseVersion,
  removesTrustAuthority,
} from '../../src/planner/versions';

describe('parseVersion', () => {
  it.each([
    ['8.0.3.00500', [8, 0, 3, 500]],
    ['8.0.3-0.0.24674464', [8, 0, 3, 0, 0, 24674464]],
    ['8.0.3', [8, 0, 3]],
    ['24674464', [24674464]],
  ])('reads %s', (text, numbers) => {
    expect(parseVersion(text)).toEqual(numbers);
  });

  it.each(['', '8.', '.8', '8..0', 'v8.0.3', '8.0.3a', '8.0.3 ', 'unknown', '8,0'])('does not read %j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe('compareVersions', () => {
  it.each([
    ['8.0.3.00400', '8.0.3.00500', -1],
    ['8.0.3.00500', '8.0.3.500', 0],
    ['8.0.10', '8.0.9', 1],
    ['8.0', '8.0.0.0', 0],
    ['7.9.9', '8.0.0', -1],
  ])('of %s and %s is %i', (one, other, sign) => {
    expect(Math.sign(compareVersions(one, other) ?? Number.NaN)).toBe(sign);
    expect(Math.sign(compareVersions(other, one) ?? Number.NaN)).toBe(0 - sign);
  });

  it('does not compare what is no version', () => {
    expect(compareVersions('8.0.3', 'unknown')).toBeUndefined();
    expect(compareVersions('unknown', '8.0.3')).toBeUndefined();
  });
});

it('compareReleases looks at major, minor and update only', () => {
  expect(compareReleases('8.0.3-0.0.24674464', '8.0.3.00100')).toBe(0);
  expect(compareReleases('8.0.3-0.0.1', '8.0.2.00500')).toBeGreaterThan(0);
  expect(compareReleases('8.0.2-0.0.1', '8.0.3.00000')).toBeLessThan(0);
});

describe('removesTrustAuthority (R37)', () => {
  it.each(['9.0', '9.0.0.0', '9.1.0-0.0.1', '10.0.0', '', 'latest'])('is true of %j', (version) => {
    expect(removesTrustAuthority(version)).toBe(true);
  });
  it.each(['8.0.3.00500', '8.0.3-0.0.24674464', '8.99.99', '7.0.3.01700'])('is false of %j', (version) => {
    expect(removesTrustAuthority(version)).toBe(false);
  });
});

it('esxiOf takes the build from the last number of a base image version', () => {
  expect(esxiOf('8.0.3-0.0.24674464')).toEqual({ version: '8.0.3', build: '24674464' });
  expect(esxiOf('7.0.3-0.65.20842708')).toEqual({ version: '7.0.3', build: '20842708' });
  expect(esxiOf('8.0.3')).toBeUndefined();
});

it('compareEsxi compares the release first, then the build', () => {
  const at = (version: string, build: string) => ({ version, build });
  expect(compareEsxi(at('8.0.3', '1'), at('8.0.2', '99'))).toBeGreaterThan(0);
  expect(compareEsxi(at('8.0.3', '1'), at('8.0.3', '99'))).toBeLessThan(0);
  expect(compareEsxi(at('8.0.3', '99'), at('8.0.3', '99'))).toBe(0);
  expect(compareEsxi(at('unknown', '99'), at('8.0.3', '99'))).toBeUndefined();
  expect(compareEsxi(at('8.0.3', ''), at('8.0.3', '99'))).toBeUndefined();
});

it('majorOf is the first number', () => {
  expect(majorOf('8.0.3')).toBe(8);
  expect(majorOf('eight')).toBeUndefined();
});
