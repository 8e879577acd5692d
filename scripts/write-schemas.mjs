// Writes the JSON Schemas for editors into schemas/, from the zod schemas in the built lib. Run after `npm run build`.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = new URL('../', import.meta.url);
const require = createRequire(import.meta.url);
const { requestJsonSchema } = require('../lib/src/model/request.schema.js');
const { patchRequestJsonSchema } = require('../lib/src/model/patch-request.schema.js');
const { infrastructuresJsonSchema } = require('../lib/src/model/infrastructure.schema.js');

const schemas = {
  'schemas/vta-upgrade.schema.json': infrastructuresJsonSchema(),
  'schemas/request.schema.json': requestJsonSchema(),
  'schemas/patch-request.schema.json': patchRequestJsonSchema(),
};

await mkdir(new URL('schemas/', root), { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  const file = fileURLToPath(new URL(name, root));
  const style = await resolveConfig(file);
  await writeFile(file, await format(JSON.stringify(schema), { ...style, filepath: file }));
  console.log(`wrote ${name}`);
}
