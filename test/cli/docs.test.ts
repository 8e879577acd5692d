import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands';
import { renderCliDocs } from '../../src/cli/render/cli-docs';

const ROOT = join(__dirname, '../..');

it('docs/cli.md says what the commands say (npm run docs:cli writes it)', async () => {
  const style = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8')) as object;
  const page = await format(renderCliDocs(COMMANDS), { ...style, parser: 'markdown' });
  expect(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')).toBe(page);
});
