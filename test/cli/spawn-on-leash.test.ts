import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { spawnOnLeash } from '../../src/cli/spawn-on-leash';
import { built } from '../support/parts-built';
import { hasEnded } from './support/has-ended';

describe('spawnOnLeash', () => {
  it('tells the exit code of a command that ends by itself', async () => {
    await expect(spawnOnLeash('/bin/sh', ['-c', 'exit 7']).ended).resolves.toBe(7);
  });

  it('ends with 127 when there is no such command', async () => {
    await expect(spawnOnLeash('/no/such/command', []).ended).resolves.toBe(127);
  });

  it('stops a command together with what it started', async () => {
    const running = spawnOnLeash('/bin/sh', ['-c', 'sleep 600 & echo $!; wait']);
    const [chunk] = (await once(running.child.stdout ?? process.stdin, 'data')) as [Buffer];
    await running.stop(5_000);
    await expect(hasEnded(running.pid)).resolves.toBe(true);
    await expect(hasEnded(Number(chunk.toString()))).resolves.toBe(true);
  });

  it('kills a command that ignores SIGTERM when the grace is over', async () => {
    const running = spawnOnLeash('/bin/sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.1; done"]);
    await once(running.child.stdout ?? process.stdin, 'data');
    await running.stop(200);
    await expect(hasEnded(running.pid)).resolves.toBe(true);
  });

  it('ends the command when the process that started it is killed', async () => {
    const module = await built('src/cli/spawn-on-leash');
    const code = `const { spawnOnLeash } = require(${JSON.stringify(module)});
      console.log(spawnOnLeash('/bin/sleep', ['600']).pid);`;
    const owner = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(owner.stdout, 'data')) as [Buffer];
    owner.kill('SIGKILL');
    await expect(hasEnded(Number(chunk.toString()))).resolves.toBe(true);
  });
});
