import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/model/error-codes';

const page = readFileSync(path.join(__dirname, '../../docs/errors.md'), 'utf8');
const sections = page.split(/^### /m).slice(1);

it('docs/errors.md has a heading for each code, and no other', () => {
  const headings = sections.map((section) => section.slice(0, section.indexOf('\n')));
  expect(headings.toSorted()).toEqual([...ERROR_CODES].toSorted());
});

it.each(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]))(
  '%s is explained',
  (_code, section) => {
    const [, ...text] = section.split('\n');
    expect(text.join(' ').replace(/## .*/, '').trim().length).toBeGreaterThan(80);
  },
);

it('no code stands in the list twice', () => {
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
});
