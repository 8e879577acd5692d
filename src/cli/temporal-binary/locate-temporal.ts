import type { LocateOptions } from './attempt';
import { cachePaths, TEMPORAL_VERSION } from './cache-paths';
import { checkBinary } from './check-binary';
import { downloadWithSdk } from './download-with-sdk';
import { findOnPath } from './find-on-path';
import { installWithGo } from './install-with-go';

export interface LocatedTemporal {
  /** The `temporal` executable; it was run once and works. */
  path: string;
  from: 'TEMPORAL_CLI_PATH' | 'PATH' | 'cache' | 'download of the SDK' | 'go install';
}

/** No way gave a working binary; the message names each, and what to do. */
export class TemporalNotFound extends Error {
  override name = 'TemporalNotFound' as const;
}

/**
 * Finds a `temporal` executable with the dev server, or gets one: what the operator named, what is installed, what we kept
 * from an earlier time, the SDK's download, a build with Go.
 * @throws TemporalNotFound when there is none, or TEMPORAL_CLI_PATH names one that does not run
 */
export async function locateTemporal(options: LocateOptions): Promise<LocatedTemporal> {
  const { env, checkMs } = options;
  const named = env.TEMPORAL_CLI_PATH;
  if (named) {
    const problem = await checkBinary(named, checkMs);
    if (problem === undefined) return { path: named, from: 'TEMPORAL_CLI_PATH' };
    throw new TemporalNotFound(`TEMPORAL_CLI_PATH names ${named}, which cannot be used: ${problem}.`);
  }

  const tried: string[] = [];
  const use = async (path: string): Promise<boolean> => {
    const problem = await checkBinary(path, checkMs);
    if (problem !== undefined) tried.push(`${path}: ${problem}`);
    return problem === undefined;
  };

  const installed = findOnPath('temporal', env);
  if (installed === undefined) tried.push('PATH: no `temporal` on it');
  else if (await use(installed)) return { path: installed, from: 'PATH' };

  const paths = cachePaths(env);
  for (const path of [paths.built, paths.downloaded]) if (await use(path)) return { path, from: 'cache' };

  const downloaded = await downloadWithSdk(paths, options);
  if ('path' in downloaded) return { path: downloaded.path, from: 'download of the SDK' };
  tried.push(`Download: ${downloaded.problem}`);

  const built = await installWithGo(paths, options);
  if ('path' in built) return { path: built.path, from: 'go install' };
  tried.push(`Go: ${built.problem}`);

  throw new TemporalNotFound(choices(tried));
}

function choices(tried: string[]): string {
  return [
    'No Temporal dev server was found, and none could be got. Tried:',
    ...tried.map((line) => `  - ${line}`),
    'Choose one:',
    '  - install the Temporal CLI so that `temporal` is on the PATH (https://docs.temporal.io/cli);',
    '  - set TEMPORAL_CLI_PATH to a `temporal` executable;',
    `  - install Go 1.25 or newer, with which temporal ${TEMPORAL_VERSION} is built once (about 3 minutes).`,
  ].join('\n');
}
