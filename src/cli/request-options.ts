import { readFileSync } from 'node:fs';
import { describeProblem, type InputProblem } from '../model/input-problem';
import type { PhaseNumber } from '../model/request';
import { checkRequest } from '../model/request.schema';
import { readYaml } from '../../worker/yaml-document';
import { CliFailure } from './cli-failure';
import { EXIT } from './exit-codes';
import { flagOf } from './build-program';
import { listOf, optional, text, type ValuesOf } from './options';

const PHASES = ['1', '2', '3', '4'] as const;

/** The options of `plan` and `start` that say what is wanted: a request file, or its parts. */
export const REQUEST_OPTIONS = {
  request: text('FILE', 'request as JSON or YAML; instead of the options that follow'),
  infrastructure: text('NAME', "infrastructure in the worker's configuration"),
  vcenter: text(
    'VERSION',
    'version that every vCenter is to run, such as 8.0.3.00500; without it they stay as they are',
  ),
  esxi: text(
    'IMAGE',
    'desired (the desired image of each cluster, the default) or a base image version, such as 8.0.3-0.0.24674464',
  ),
  baseImage: optional(
    'SOURCE',
    'how the Trust Authority Cluster learns the image: first-host (the default), reference-host:NAME or file:NAME',
    parseSource,
  ),
  phases: listOf('LIST', PHASES, 'phases to run, such as 1,2; anything but 1,2,3,4 needs a reason'),
  approve: listOf('LIST', ['phase', 'host'], 'gates to open beside those that are always there: phase, host'),
  reason: text('TEXT', 'why; recorded with the run'),
};

/** A request as people write it: what the workflow takes as its argument. */
export interface WrittenRequest {
  infrastructure: string;
}

/**
 * The request that the options describe, checked as the worker will check it.
 * @throws CliFailure VTA_REQUEST_INVALID with every problem at once; nothing was contacted
 */
export function readRequest(options: ValuesOf<typeof REQUEST_OPTIONS>): WrittenRequest {
  const { request: file, ...parts } = options;
  if (file === undefined) return checked(fromParts(parts));

  const others = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [flagOf(name)]));
  if (others.length > 0)
    throw usage(`--request stands alone: leave out ${others.join(', ')}, or write it into the file.`);
  const document = readYaml(readRequestFile(file));
  if (document.kind === 'unreadable') throw invalid(document.problems, file);
  return checked(document.value, file, document.locate);
}

function fromParts(parts: Omit<ValuesOf<typeof REQUEST_OPTIONS>, 'request'>): WrittenRequest {
  const { infrastructure, vcenter, esxi, baseImage, phases, approve, reason } = parts;
  if (infrastructure === undefined) throw usage('Give --infrastructure NAME, or --request FILE.');
  const target = {
    ...(vcenter === undefined ? {} : { vCenter: vcenter }),
    ...(esxi === undefined ? {} : { esxi: esxi === 'desired' ? esxi : { baseImage: esxi } }),
  };
  const written = {
    infrastructure,
    target,
    ...(baseImage === undefined ? {} : { baseImage }),
    ...(phases === undefined ? {} : { phases: phases.map((phase): PhaseNumber => NUMBERS[phase]) }),
    ...(approve === undefined ? {} : { approve }),
    ...(reason === undefined ? {} : { reason }),
  };
  return written;
}

const NUMBERS = { '1': 1, '2': 2, '3': 3, '4': 4 } as const;

function parseSource(given: string): { from: string; host?: string; name?: string } {
  if (given === 'first-host') return { from: given };
  const [, from, rest] = /^(reference-host|file):(.+)$/.exec(given) ?? [];
  if (from === undefined || rest === undefined) {
    throw new Error('It must be first-host, reference-host:NAME or file:NAME.');
  }
  return from === 'file' ? { from, name: rest } : { from, host: rest };
}

function readRequestFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`The request file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Sent is what was written, not what the check made of it: the worker fills in its own defaults.
 * @throws CliFailure VTA_REQUEST_INVALID with every problem at once
 */
export function checked(written: unknown, file?: string, locate?: Parameters<typeof checkRequest>[1]): WrittenRequest {
  const result = checkRequest(written, locate);
  if (result.kind === 'invalid') throw invalid(result.problems, file);
  return written as WrittenRequest;
}

function invalid(problems: InputProblem[], file?: string): CliFailure {
  return new CliFailure({
    code: 'VTA_REQUEST_INVALID',
    message: 'The request is not valid; nothing was started.',
    state: problems.map((problem) => describeProblem(problem, file)),
    details: problems,
    exitCode: EXIT.usage,
  });
}

function usage(message: string): CliFailure {
  return new CliFailure({ code: 'VTA_USAGE_WRONG', message, exitCode: EXIT.usage });
}
