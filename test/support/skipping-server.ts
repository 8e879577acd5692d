import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Part } from './parts';

const POM = join(__dirname, 'skipping-server.xml');
const MAIN_CLASS = 'io.temporal.testserver.TestServer';

/** Repositories may be slow, and the server is 33 MB. */
const DOWNLOAD_DEADLINE_MS = 300_000;

export const JAVA: Part = {
  name: 'Java 11 or newer',
  probe: ['java', '-version'],
  remedy: 'install a Java runtime (Debian: default-jre-headless) so that `java -version` works',
};

export const MAVEN: Part = {
  name: 'Maven',
  probe: ['mvn', '-version'],
  remedy: 'install Maven (Debian: maven) so that `mvn -version` works',
};

/**
 * A Temporal server whose time skips: to the next timer, as soon as no activity is in work and the test sleeps. It has
 * no schedules, no visibility and no CLI.
 * @throws Error with Maven's own words when the server cannot be had
 */
export async function startSkippingServer(): Promise<TestWorkflowEnvironment> {
  const path = await serverScript();
  return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } });
}

/** The server in the user's cache directory, got once and anew when another version is asked for. @returns its program */
async function serverScript(): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vta-upgrade');
  const place = join(cache, `skipping-server-${digest}`);
  const script = join(place, 'server');
  if (existsSync(script)) return script;

  mkdirSync(cache, { recursive: true });
  console.warn(`Getting the Temporal server whose time skips into ${place}, once; this takes half a minute.`);
  // Made aside and moved, so that nobody ever finds half of it.
  const draft = mkdtempSync(`${place}-`);
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(draft, 'jars')}`];
    await promisify(execFile)('mvn', ['-q', '-B', '-f', POM, ...goal], { timeout: DOWNLOAD_DEADLINE_MS });
    writeFileSync(join(draft, 'server'), SCRIPT);
    chmodSync(join(draft, 'server'), 0o755);
    renameUnlessThere(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return script;
}

/** Started in half the time when nothing is compiled for speed. */
const SCRIPT = `#!/bin/sh
exec java -Xshare:auto -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/jars/*" ${MAIN_CLASS} "$@"
`;

/** Somebody else may have been faster: theirs is as good. */
function renameUnlessThere(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (thrown) {
    if (!existsSync(place)) throw thrown;
  }
}
