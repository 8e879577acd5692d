import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { infrastructuresJsonSchema } from '../../src/model/infrastructure.schema';
import { patchRequestJsonSchema } from '../../src/model/patch-request.schema';
import { requestJsonSchema } from '../../src/model/request.schema';

function published(name: string): unknown {
  return JSON.parse(readFileSync(path.join(__dirname, '../../schemas', name), 'utf8'));
}

describe('the published JSON Schemas are those of this source (else: npm run build && node scripts/write-schemas.mjs)', () => {
  it('of the infrastructure file', () => {
    expect(published('vta-upgrade.schema.json')).toEqual(infrastructuresJsonSchema());
  });

  it('of the request', () => {
    expect(published('request.schema.json')).toEqual(requestJsonSchema());
  });

  it('of the request of a patch run', () => {
    expect(published('patch-request.schema.json')).toEqual(patchRequestJsonSchema());
  });
});

it('every field that a person may write is described', () => {
  const undescribed: string[] = [];
  const visit = (schema: unknown, at: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key !== 'properties') {
        visit(value, at);
        continue;
      }
      for (const [name, property] of Object.entries<object>(value)) {
        const told = 'description' in property || 'properties' in property || 'const' in property;
        if (!told) undescribed.push(`${at}.${name}`);
        visit(property, `${at}.${name}`);
      }
    }
  };
  visit(requestJsonSchema(), 'request');
  visit(patchRequestJsonSchema(), 'patch request');
  visit(infrastructuresJsonSchema(), 'file');
  expect(undescribed).toEqual([]);
});
