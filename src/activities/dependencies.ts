import type { Infrastructure, SecretReference } from '../model/infrastructure';
import { refuse } from './to-failure';
import { Archive } from './archive';
import type { Connections } from './connections';

/** What a worker gives its activities. Credentials stay behind `resolveSecret` and are looked up when they are needed. */
export interface ActivityDependencies {
  infrastructures: Record<string, ConfiguredInfrastructure>;
  /**
   * @param reference `env:NAME` or `file:/path`
   * @param field what it is for, as in messages
   */
  resolveSecret: (reference: SecretReference, field: string) => Promise<string>;
  /** What is compared with times of vCenters and of the Temporal server: milliseconds since 1970. Default: the wall clock. */
  now?: () => number;
}

export interface ConfiguredInfrastructure {
  infrastructure: Infrastructure;
  /** SHA-256 of it, without secrets and their references. */
  digest: string;
}

/** One infrastructure as activities use it. */
export interface Site {
  infrastructure: Infrastructure;
  digest: string;
  connections: Connections;
  archive: Archive;
  resolveSecret: ActivityDependencies['resolveSecret'];
  now: () => number;
}

export type FindSite = (ref: { infrastructure: string; infrastructureDigest?: string }) => Site;

/**
 * Finds the infrastructure of an activity's input among those of the worker's configuration file.
 * @throws ApplicationFailure VTA_INFRASTRUCTURE_UNKNOWN; VTA_INFRASTRUCTURE_CHANGED when the file was changed after planning
 */
export function siteFinder(
  dependencies: ActivityDependencies,
  connect: (configured: ConfiguredInfrastructure) => Connections,
): FindSite {
  const sites = new Map<string, Site>();
  return ({ infrastructure: name, infrastructureDigest }) => {
    const configured = Object.hasOwn(dependencies.infrastructures, name)
      ? dependencies.infrastructures[name]
      : undefined;
    if (configured === undefined)
      throw refuse(
        'VTA_INFRASTRUCTURE_UNKNOWN',
        `The worker knows no infrastructure "${name}". It knows: ${Object.keys(dependencies.infrastructures).join(', ') || 'none'}.`,
      );
    if (infrastructureDigest !== undefined && infrastructureDigest !== configured.digest)
      throw refuse(
        'VTA_INFRASTRUCTURE_CHANGED',
        `The configuration of "${name}" is not the one that was planned with. Nothing was changed by this step. Put the old configuration back and retry, or abort and start a new run.`,
      );
    let site = sites.get(name);
    if (site === undefined) {
      const { infrastructure, digest } = configured;
      const archive = new Archive(infrastructure.archive);
      const { resolveSecret, now = Date.now } = dependencies;
      site = { infrastructure, digest, connections: connect(configured), archive, resolveSecret, now };
      sites.set(name, site);
    }
    return site;
  };
}
