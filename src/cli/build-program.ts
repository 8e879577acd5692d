import { Argument, Command as Program, InvalidArgumentError, Option } from 'commander';
import type { Command, Invocation } from './command';
import { EXIT_CODE_MEANINGS } from './exit-codes';
import { oneOf, type Parameter, type Parameters } from './options';
import type { Io } from './io';

const OUTPUT_FORMS = ['text', 'json'] as const;

/** What was called, once the words are understood. */
export interface Called {
  command: Command;
  invocation: Invocation<Parameters, Parameters>;
}

/**
 * Makes the parser and its help from the commands.
 * @param groups summaries of first words that are no command by themselves
 * @param onCall told which command was called, and with what
 */
export function buildProgram(
  commands: readonly Command[],
  groups: Readonly<Record<string, string>>,
  version: string,
  io: Io,
  onCall: (call: Called) => void,
): Program {
  const program = new Program('vta-upgrade')
    .description('Upgrades a vSphere Trust Authority infrastructure, host by host, with durable Temporal workflows.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [COMMAND]', 'show help for a command')
    .configureHelp({ subcommandTerm: (sub) => [sub.name(), ...sub.registeredArguments.map(usageOf)].join(' ') })
    .exitOverride()
    .enablePositionalOptions() // `audit verify --output json`: that option is of `verify`
    .configureOutput({ writeOut: io.answer, writeErr: io.note, getOutHelpWidth: () => 100, getErrHelpWidth: () => 100 })
    .showHelpAfterError('Type `vta-upgrade --help` to see the commands.')
    .addHelpText('after', `\n${exitCodes()}\n\nEach command has its own help: vta-upgrade COMMAND --help`);
  for (const command of commands) addCommand(program, command, groups, io, onCall);
  return program;
}

function addCommand(
  program: Program,
  command: Command,
  groups: Readonly<Record<string, string>>,
  io: Io,
  onCall: (call: Called) => void,
): void {
  const [first = '', second] = command.name.split(' ');
  const known = program.commands.find((each) => each.name() === first);
  const above = second === undefined ? program : (known ?? addGroup(program, first, groups[first] ?? ''));
  const sub = above
    .command(second ?? first)
    .enablePositionalOptions()
    .summary(command.summary)
    .description(command.description)
    .showHelpAfterError(`Type \`vta-upgrade ${command.name} --help\` to see what it takes.`)
    .addHelpText('after', `\n${examples(command)}\n\n${exitCodes()}`);
  for (const [name, parameter] of Object.entries(command.arguments)) {
    const usage = parameter.required ? `<${parameter.value ?? name}>` : `[${parameter.value ?? name}]`;
    sub.addArgument(new Argument(usage, parameter.description).argParser(parserOf(parameter)));
  }
  for (const [name, parameter] of Object.entries(command.options)) {
    const usage = parameter.value === undefined ? flagOf(name) : `${flagOf(name)} <${parameter.value}>`;
    const option = new Option(usage, parameter.description).makeOptionMandatory(parameter.required);
    sub.addOption(parameter.value === undefined ? option : option.argParser(parserOf(parameter)));
  }
  sub.addOption(
    new Option('--output <FORM>', 'form of the answer: text or json')
      .default('text')
      .argParser(withReason((given) => oneOf(given, OUTPUT_FORMS))),
  );
  sub.action((...given: unknown[]) => {
    const names = Object.keys(command.arguments);
    const { output, ...options } = sub.opts<Record<string, unknown> & { output: 'text' | 'json' }>();
    const values = Object.fromEntries(names.map((name, index) => [name, given[index]]));
    onCall({ command, invocation: { arguments: values, options: { ...flagsOff(command), ...options }, output, io } });
  });
}

function addGroup(program: Program, name: string, summary: string): Program {
  return program.command(name).summary(summary).description(`To ${summary}.`).enablePositionalOptions();
}

/** A flag that was not given is false, not missing. */
function flagsOff(command: Command): Record<string, false> {
  const flags = Object.entries(command.options).filter(([, parameter]) => parameter.value === undefined);
  return Object.fromEntries(flags.map(([name]) => [name, false as const]));
}

/** `baseImage` is typed `--base-image`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function usageOf(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function parserOf(parameter: Parameter<unknown>): (given: string) => unknown {
  return withReason((given) => parameter.parse(given));
}

function withReason(parse: (given: string) => unknown): (given: string) => unknown {
  return (given) => {
    try {
      return parse(given);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

function examples(command: Command): string {
  return ['Examples:', ...command.examples.flatMap(({ title, command: line }) => [`  # ${title}`, `  ${line}`])].join(
    '\n',
  );
}

function exitCodes(): string {
  return ['Exit codes:', ...EXIT_CODE_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`)].join('\n');
}
