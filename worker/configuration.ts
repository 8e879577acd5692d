import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { checkInfrastructures } from '../src/model/infrastructure.schema';
import type { Infrastructure } from '../src/model/infrastructure';
import { problemAt, type InputProblem } from '../src/model/input-problem';
import { nearest } from '../src/model/nearest';
import { checkCaFiles } from './ca-files';
import { checkClustersDiffer } from './clusters-differ';
import { ConfigurationError } from './configuration-error';
import { infrastructureDigest } from './infrastructure-digest';
import { resolvePaths } from './resolve-paths';
import { systemReason } from './system-reason';
import { readYaml } from './yaml-document';

/** The infrastructures that a worker looks after, as its configuration file names them. */
export interface Configuration {
  /** Absolute path of the file. */
  file: string;
  /** By name; without a prototype, so that only what the file names is found. */
  infrastructures: Record<string, Infrastructure>;
  /**
   * SHA-256 of an infrastructure without secrets, as it was when the file was read.
   * @throws ConfigurationError VTA_INFRASTRUCTURE_UNKNOWN
   */
  digest(name: string): string;
}

/**
 * Reads an infrastructure file and checks all that can be checked without asking a vCenter. Relative paths in it are
 * relative to the file. Secrets are not read here, but when they are needed.
 * @throws ConfigurationError VTA_CONFIGURATION_INVALID with every problem that was found
 */
export function readConfiguration(file: string): Configuration {
  const absolute = path.resolve(file);
  const fail = (problems: InputProblem[]) => new ConfigurationError('VTA_CONFIGURATION_INVALID', file, problems);
  const document = readYaml(readText(absolute, fail));
  if (document.kind === 'unreadable') throw fail(document.problems);
  const checked = checkInfrastructures(document.value, document.locate);
  if (checked.kind === 'invalid') throw fail(checked.problems);

  const found = checked.value.map((infrastructure) => resolvePaths(infrastructure, path.dirname(absolute)));
  const problems = [
    ...checkClustersDiffer(found, document.locate),
    ...found.flatMap((infrastructure) => checkCaFiles(infrastructure, document.locate)),
  ];
  if (problems.length > 0) throw fail(problems);
  return toConfiguration(absolute, found);
}

function readText(file: string, fail: (problems: InputProblem[]) => ConfigurationError): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fail([problemAt([], `cannot be read: ${systemReason(error)}`)]);
  }
}

function toConfiguration(file: string, found: Infrastructure[]): Configuration {
  const infrastructures: Record<string, Infrastructure> = Object.create(null);
  const digests = new Map<string, string>();
  for (const infrastructure of found) {
    infrastructures[infrastructure.name] = infrastructure;
    digests.set(infrastructure.name, infrastructureDigest(infrastructure));
  }
  return {
    file,
    infrastructures,
    digest(name) {
      const digest = digests.get(name);
      if (digest !== undefined) return digest;
      const meant = nearest(name, digests.keys());
      const hint = meant === undefined ? `it names ${[...digests.keys()].join(', ')}` : `did you mean "${meant}"?`;
      const problem = problemAt(['infrastructures', name], `is not in this file; ${hint}`, undefined, {
        nearest: meant,
      });
      throw new ConfigurationError('VTA_INFRASTRUCTURE_UNKNOWN', file, [problem]);
    },
  };
}
