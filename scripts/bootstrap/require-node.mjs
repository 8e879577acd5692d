import { readFileSync } from 'node:fs';

/**
 * Ends the process with a clear sentence when this Node is older than package.json allows. Old versions must be able to
 * read these scripts, so their syntax stays plain.
 */
export function requireNode() {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const needed = manifest.engines.node.replace('>=', '');
  if (compare(process.versions.node, needed) >= 0) return;
  console.error(
    `${manifest.name} needs Node ${needed} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer Node (https://nodejs.org, or a version manager) and try again.',
  );
  process.exit(1);
}

function compare(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] || 0) - (right[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
