import { readFileSync } from 'node:fs';

// Reads what the conformance scripts wrote; the last line counts the required checks. A required check that was skipped,
// or that no longer exists, has failed.
const [files, ...required] = process.argv.slice(2);
const checks = files.split(',').flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).checks);
const isRequired = (id) => required.some((prefix) => id.startsWith(prefix));
const show = ({ verdict, id, reason }) => console.log(`${verdict} ${id}${reason ? ` - ${reason}` : ''}`);

const must = checks.filter(({ id }) => isRequired(id));
const broken = must.filter(({ verdict }) => verdict !== 'PASS');
broken.forEach(show);
const missing = required.filter((prefix) => !checks.some(({ id }) => id.startsWith(prefix)));
for (const prefix of missing) console.log(`FAIL ${prefix} - there is no such check any more`);

const others = checks.filter(({ id }) => !isRequired(id));
const open = others.filter(({ verdict }) => verdict !== 'PASS');
console.log(`Not required yet: ${others.length - open.length} of ${others.length} pass`);
open.forEach(({ verdict, id }) => console.log(`  ${verdict} ${id}`));
console.log(`${must.length - broken.length} passed, ${broken.length + missing.length} failed`);
