import type { Simulator } from '../../simulator/simulator';
import type { WorldEventKind } from '../../simulator/world/events';

/** What happens in a world without anybody changing it: sessions, and attestation that repeats itself. */
const HARMLESS: readonly WorldEventKind[] = ['login', 'login-failed', 'logout', 'attested'];

/** What a site is, without what moves by itself: clocks, sessions, tasks, scans of images, attestation times. */
function fingerprint({ world }: Simulator): unknown {
  const { vCenters, hosts, vms } = world.state;
  return structuredClone({
    vCenters: vCenters.map(({ name, version, build, availability, clusters, attestationServices, kmsServices }) => ({
      name,
      version,
      build,
      availability,
      attestationServices,
      kmsServices,
      clusters: clusters.map(({ name: cluster, drsEnabled, trustAuthority, trustServices, lifecycle }) => {
        const { enabled, commits, drafts, policy, lastApply } = lifecycle;
        return { cluster, drsEnabled, trustAuthority, trustServices, enabled, commits, drafts, policy, lastApply };
      }),
    })),
    hosts: hosts.map((host) => ({ ...host, attestation: [] })),
    vms,
  });
}

/** Remembers how a site is. */
export interface WorldBefore {
  /** What has changed since, a line each; empty when nothing was touched. */
  changes(): string[];
}

export function lookAtWorld(simulator: Simulator): WorldBefore {
  const before = fingerprint(simulator);
  const seen = simulator.world.events.all().length;
  return {
    changes() {
      const events = simulator.world.events.all().slice(seen);
      const told = events.flatMap(({ what, host, vCenter, detail }) =>
        HARMLESS.includes(what) ? [] : [`${what} ${host ?? vCenter ?? ''} ${JSON.stringify(detail)}`],
      );
      return [...told, ...differences('world', before, fingerprint(simulator))];
    },
  };
}

/** Paths at which two plain values differ, with both values; when an image was last attested moves by itself. */
function differences(path: string, before: unknown, after: unknown): string[] {
  if (path.endsWith('.lastAttested')) return [];
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null)
    return before === after ? [] : [`${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    differences(`${path}.${key}`, (before as Record<string, unknown>)[key], (after as Record<string, unknown>)[key]),
  );
}
