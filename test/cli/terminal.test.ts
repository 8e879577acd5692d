import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { built } from '../support/parts-built';
import { PYTHON, requirePart } from '../support/parts';
import { type Rehearsal, startRehearsal } from '../support/rehearsal';
import { type } from './support/type-command';

/** The compiled command on a real (pseudo-)terminal: keys, Ctrl-C, drawing in place. */
if (requirePart(PYTHON, 'the CLI on a terminal')) {
  describe('a person at a terminal', () => {
    let lab: Rehearsal;
    let main: string;
    let directory: string;

    beforeAll(async () => {
      main = await built('src/cli/main');
      lab = await startRehearsal('smallest');
      directory = mkdtempSync(join(tmpdir(), 'vta-terminal-'));
      const request = join(directory, 'request.json');
      writeFileSync(request, JSON.stringify(lab.request));
      await type(['start', '--request', request, '--detach', '--task-queue', lab.taskQueue]);
    }, 120_000);

    afterAll(async () => {
      await lab[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    });

    /** @param keys what to type once the first text is on the screen, and so on */
    async function atTerminal(words: string[], keys: [string, string][]): Promise<{ exitCode: number; shown: string }> {
      const command = [process.execPath, main, ...words];
      const child = spawn(
        'python3',
        [join(__dirname, 'support/terminal.py'), '30', '90', JSON.stringify(keys), ...command],
        {
          env: {
            PATH: process.env.PATH,
            TEMPORAL_ADDRESS: inject('temporalAddress'),
            TEMPORAL_CONFIG_FILE: '/no/such/file',
          },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let shown = '';
      child.stdout.on('data', (chunk: unknown) => (shown += String(chunk)));
      const [exitCode] = (await once(child, 'close')) as [number];
      return { exitCode, shown };
    }

    it('follows in place, and Ctrl-C detaches', async () => {
      const { exitCode, shown } = await atTerminal(
        ['status', lab.infrastructure, '--follow'],
        [['Answer it:', '\u0003']],
      );
      expect(shown).toContain(`Detached. The upgrade of ${lab.infrastructure} goes on.`);
      expect(exitCode).toBe(0);
    });

    it('reads the question and answers it with a word', async () => {
      const { exitCode, shown } = await atTerminal(
        ['reject', lab.infrastructure, '--gate', 'plan', '--by', 'alice'],
        [['Type "reject" to reject: ', 'reject\r']],
      );
      expect(shown).toContain('by this plan?');
      expect(shown).toContain('plan is rejected.');
      expect(exitCode).toBe(0);
    });

    it('sees the end of a run without the lines of the way', async () => {
      const { exitCode, shown } = await atTerminal(['status', lab.infrastructure, '--follow'], []);
      expect(shown).toContain(`${lab.infrastructure}: rejected`);
      expect(exitCode).toBe(1);
    });

    it('ends a simulator with Ctrl-C, in order', async () => {
      const words = ['simulator', '--scenario', 'smallest', '--directory', join(directory, 'site')];
      const { exitCode, shown } = await atTerminal(words, [['Ctrl-C ends it.', '\u0003']]);
      expect(shown).toContain('vta-upgrade worker --config');
      expect(exitCode).toBe(0);
    });
  });
}
