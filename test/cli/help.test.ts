import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands';
import { flagOf } from '../../src/cli/build-program';
import { type } from './support/type-command';

describe('help', () => {
  it('lists the commands and the exit codes', async () => {
    const { exitCode, stdout, stderr } = await type(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });

  it.each(COMMANDS.map(({ name }) => name))('of %s says what it takes and what it does', async (name) => {
    const { exitCode, stdout, stderr } = await type([...name.split(' '), '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    'of %s has examples in long options that it takes',
    (name, command) => {
      expect(command.examples.length).toBeGreaterThan(0);
      const known = [...Object.keys(command.options).map(flagOf), '--output'];
      for (const { command: line } of command.examples) {
        expect(line.startsWith(`vta-upgrade ${name}`)).toBe(true);
        expect(line).not.toMatch(/ -\w/);
        for (const used of line.match(/--[\w-]+/g) ?? []) expect(known).toContain(used);
      }
    },
  );

  it('is shown on standard error for a call without a command', async () => {
    const { exitCode, stdout, stderr } = await type([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: vta-upgrade');
  });
});
