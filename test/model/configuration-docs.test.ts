import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkInfrastructures, infrastructuresJsonSchema } from '../../src/model/infrastructure.schema';
import { checkPatchRequest, patchRequestJsonSchema } from '../../src/model/patch-request.schema';
import { checkRequest, requestJsonSchema } from '../../src/model/request.schema';
import { readYaml } from '../../worker/yaml-document';

const page = readFileSync(path.join(__dirname, '../../docs/configuration.md'), 'utf8');

function examples(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
}

/** Names of all fields of a JSON Schema. */
function fields(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...fields(value),
  ]);
}

describe('docs/configuration.md', () => {
  it.each([
    ['the infrastructure file', infrastructuresJsonSchema()],
    ['the request', requestJsonSchema()],
    ['the request of a patch run', patchRequestJsonSchema()],
  ])('names every field of %s', (_what, schema) => {
    const words = new Set(page.match(/[A-Za-z]+/g));
    expect(fields(schema).filter((field) => !words.has(field))).toEqual([]);
  });

  it('has an example of a whole file that is valid', () => {
    const [text = '', ...others] = examples('yaml');
    const document = readYaml(text);
    expect(document.kind === 'read' && checkInfrastructures(document.value, document.locate)).toMatchObject({
      kind: 'valid',
    });
    expect(others).toEqual([]);
  });

  it('agrees with the runbook of schedules, whose example is valid too', () => {
    const runbook = readFileSync(path.join(__dirname, '../../docs/operations/patching-on-a-schedule.md'), 'utf8');
    const [, example = ''] = /^```json\n([\s\S]*?)^```/m.exec(runbook) ?? [];
    expect(checkPatchRequest(JSON.parse(example))).toMatchObject({ kind: 'valid' });
  });

  it('has examples of requests that are valid', () => {
    const checked = examples('json').map((text) => {
      const example = JSON.parse(text) as object;
      return 'take' in example ? `patch: ${checkPatchRequest(example).kind}` : checkRequest(example).kind;
    });
    expect(checked).toEqual(['valid', 'valid', 'patch: valid']);
  });
});
