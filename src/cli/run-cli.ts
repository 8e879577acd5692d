import { CommanderError } from 'commander';
import { type Called, buildProgram } from './build-program';
import { CliFailure } from './cli-failure';
import { COMMANDS, GROUPS } from './commands';
import { EXIT, type ExitCode } from './exit-codes';
import { Interrupted } from './interruption';
import type { Io } from './io';
import { packageVersion } from './package-version';

/**
 * Runs one command line.
 * @param words what was typed after `vta-upgrade`
 * @returns the exit code; never throws
 */
export async function runCli(words: readonly string[], io: Io): Promise<ExitCode> {
  let called: Called | undefined;
  const program = buildProgram(COMMANDS, GROUPS, packageVersion(), io, (call) => (called = call));
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const askedForHelp = error.code === 'commander.helpDisplayed' || error.code === 'commander.version';
    return askedForHelp || (error.code === 'commander.help' && error.exitCode === 0) ? EXIT.done : EXIT.usage;
  }
  if (called === undefined) return EXIT.usage; // its help was shown
  return await answer(called, io);
}

async function answer({ command, invocation }: Called, io: Io): Promise<ExitCode> {
  try {
    const { exitCode, json, text } = await command.run(invocation);
    if (invocation.output === 'json') {
      if (json !== undefined) io.answer(`${JSON.stringify(json, null, 2)}\n`);
    } else if (text !== undefined) io.answer(text.endsWith('\n') ? text : `${text}\n`);
    return exitCode;
  } catch (error) {
    if (error instanceof Interrupted) {
      io.note(`\n${error.message}\n`);
      return EXIT.interrupted;
    }
    const failure = error instanceof CliFailure ? error : unexpected(error);
    io.note(failure.toText());
    if (invocation.output === 'json') io.answer(`${JSON.stringify(failure.toJson(), null, 2)}\n`);
    return failure.exitCode;
  }
}

function unexpected(error: unknown): CliFailure {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliFailure({ code: 'VTA_UNEXPECTED', message, next: ['Please report this, with what you typed.'] });
}
