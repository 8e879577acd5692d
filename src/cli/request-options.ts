import type { PhaseNumber } from '../model/request';
import { checkRequest } from '../model/request.schema';
import { flagOf } from './build-program';
import { listOf, oneOf, optional, text, type ValuesOf } from './options';
import { invalidRequest, readRequestFile, wrongUsage, type WrittenRequest } from './request-file';

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
    'how the Trust Authority Cluster learns the image: first-host (the default), reference-host:NAME, upgraded-reference-host:NAME (a test host that the run upgrades first) or file:NAME',
    parseSource,
  ),
  phases: optional(
    'LIST',
    'phases to run, such as 1,2; anything but 1,2,3,4 needs a reason; none: only the reference host is upgraded',
    parsePhases,
  ),
  approve: listOf('LIST', ['phase', 'host'], 'gates to open beside those that are always there: phase, host'),
  reason: text('TEXT', 'why; recorded with the run'),
};

/**
 * The request that the options describe, checked as the worker will check it.
 * @throws CliFailure VTA_REQUEST_INVALID with every problem at once; nothing was contacted
 */
export function readRequest(options: ValuesOf<typeof REQUEST_OPTIONS>): WrittenRequest {
  const { request: file, ...parts } = options;
  if (file === undefined) return checked(fromParts(parts));

  const others = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [flagOf(name)]));
  if (others.length > 0)
    throw wrongUsage(`--request stands alone: leave out ${others.join(', ')}, or write it into the file.`);
  return readRequestFile(file, checkRequest);
}

function fromParts(parts: Omit<ValuesOf<typeof REQUEST_OPTIONS>, 'request'>): WrittenRequest {
  const { infrastructure, vcenter, esxi, baseImage, phases, approve, reason } = parts;
  if (infrastructure === undefined) throw wrongUsage('Give --infrastructure NAME, or --request FILE.');
  const target = {
    ...(vcenter === undefined ? {} : { vCenter: vcenter }),
    ...(esxi === undefined ? {} : { esxi: esxi === 'desired' ? esxi : { baseImage: esxi } }),
  };
  const written = {
    infrastructure,
    target,
    ...(baseImage === undefined ? {} : { baseImage }),
    ...(phases === undefined ? {} : { phases }),
    ...(approve === undefined ? {} : { approve }),
    ...(reason === undefined ? {} : { reason }),
  };
  return written;
}

const NUMBERS = { '1': 1, '2': 2, '3': 3, '4': 4 } as const;

function parsePhases(given: string): PhaseNumber[] {
  if (given.trim() === 'none') return [];
  return given.split(',').map((word) => NUMBERS[oneOf(word.trim(), PHASES)]);
}

function parseSource(given: string): { from: string; host?: string; name?: string; upgrade?: boolean } {
  if (given === 'first-host') return { from: given };
  const [, from, rest] = /^(upgraded-reference-host|reference-host|file):(.+)$/.exec(given) ?? [];
  if (from === undefined || rest === undefined) {
    throw new Error('It must be first-host, reference-host:NAME, upgraded-reference-host:NAME or file:NAME.');
  }
  if (from === 'file') return { from, name: rest };
  return { from: 'reference-host', host: rest, ...(from === 'reference-host' ? {} : { upgrade: true }) };
}

/**
 * Sent is what was written, not what the check made of it: the worker fills in its own defaults.
 * @throws CliFailure VTA_REQUEST_INVALID with every problem at once
 */
export function checked(written: WrittenRequest): WrittenRequest {
  const result = checkRequest(written);
  if (result.kind === 'invalid') throw invalidRequest(result.problems);
  return written;
}
