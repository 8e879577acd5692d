import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/model/error-codes';

const DOCS = path.join(__dirname, '../../docs');
const page = readFileSync(path.join(DOCS, 'errors.md'), 'utf8');
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

it('every class of failure of a host has a runbook that the page of its code leads to', () => {
  const classes = readFileSync(path.join(DOCS, 'operations/README.md'), 'utf8').split('## Classes of failure')[1] ?? '';
  const rows = classes.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:what happens|---)/.test(line));
  expect(rows.length).toBeGreaterThanOrEqual(17);
  for (const row of rows) {
    const [, runbook] = /\]\(([a-z-]+\.md)\) *\|$/.exec(row) ?? [];
    const codes = [...row.matchAll(/VTA_[A-Z_]+/g)].map(([code]) => code);
    if (codes.length === 0) continue;
    expect([row, runbook !== undefined && existsSync(path.join(DOCS, 'operations', runbook))]).toEqual([row, true]);
    for (const code of codes)
      expect(sections.find((section) => section.startsWith(`${code}\n`))).toContain(`(operations/${runbook})`);
  }
});
