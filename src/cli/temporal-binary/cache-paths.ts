import { homedir } from 'node:os';
import { join } from 'node:path';

/** The release that is built where no other binary is found; the newest that `go install` accepts. */
export const TEMPORAL_VERSION = 'v1.5.1';

export interface CachePaths {
  /** Holds everything that this package keeps between runs; may be deleted at any time. */
  directory: string;
  /** Where `go install` leaves its binary. */
  built: string;
  /** Where a download of the SDK is kept. */
  downloaded: string;
  /** Held by the process that builds. */
  lock: string;
}

/**
 * Where binaries are kept between runs, by the XDG base directory rules.
 * @param env the environment: XDG_CACHE_HOME, else `~/.cache`
 */
export function cachePaths(env: NodeJS.ProcessEnv): CachePaths {
  const root = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  const directory = join(root, 'vta-upgrade');
  return {
    directory,
    built: join(directory, `temporal-${TEMPORAL_VERSION}`, 'temporal'),
    downloaded: join(directory, 'temporal-sdk', 'temporal'),
    lock: join(directory, `temporal-${TEMPORAL_VERSION}.lock`),
  };
}
