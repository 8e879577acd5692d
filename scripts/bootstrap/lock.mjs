import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progress } from './progress.mjs';

/**
 * Does the work while no other process sets up the same clone: two that install at once would break each other.
 * A lock whose process is gone is taken over.
 */
export async function withLock(root, work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `vta-upgrade-${name}.lock`);
  for (let told = false; !take(path); told = true) {
    if (!told) progress('Another process sets up this folder: waiting for it');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const holder = Number(readIfThere(path));
  if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
  return false;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // given back in this moment
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
