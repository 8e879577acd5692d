import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a small shell script that can be run; parent directories are made. */
export function writeExecutable(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Answers `server start-dev --help` as a Temporal CLI does. */
export const WORKING_TEMPORAL = `
[ "$*" = "server start-dev --help" ] || exit 1
echo "      --dynamic-config-value stringArray  Dynamic configuration value"`;
