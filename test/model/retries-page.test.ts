import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { retriesPage } from '../support/retries-page';

const ROOT = join(__dirname, '../..');

it('docs/retries.md says what the tables say (npx vitest run test/model/retries-page.test.ts -u writes it)', async () => {
  const style = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8')) as object;
  const page = await format(retriesPage(), { ...style, parser: 'markdown' });
  await expect(page).toMatchFileSnapshot(join(ROOT, 'docs/retries.md'));
});
