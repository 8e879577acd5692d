import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format } from 'prettier';
import { ROOT } from './bootstrap.mjs';
import { buildIfStale } from './bootstrap/build-if-stale.mjs';

// `npm run docs:cli`: writes docs/cli.md from the commands themselves.
await buildIfStale(ROOT);
const require = createRequire(import.meta.url);
const { COMMANDS } = require('../lib/src/cli/commands.js');
const { renderCliDocs } = require('../lib/src/cli/render/cli-docs.js');
const style = JSON.parse(readFileSync(join(ROOT, '.prettierrc.json'), 'utf8'));
const page = await format(renderCliDocs(COMMANDS), { ...style, parser: 'markdown' });
writeFileSync(join(ROOT, 'docs/cli.md'), page);
