import type { SeenSite } from './read-site';

/** What the demo set out to reach, from its request. */
export interface Goal {
  vCenter: string;
  esxiBuild: string;
}

export interface Verdict {
  what: string;
  seen: string;
  good: boolean;
}

/**
 * Judges a site after an upgrade by what was read of it.
 * @param before the same site before the upgrade: what is only to be as it was is compared with it
 */
export function verifySite(goal: Goal, before: SeenSite, after: SeenSite): Verdict[] {
  return after.vCenters.flatMap((vCenter, index) => {
    const earlier = before.vCenters[index];
    return [
      {
        what: `${vCenter.role === 'trusted' ? 'Trusted Cluster' : 'Trust Authority'} vCenter ${vCenter.url}`,
        seen: `version ${vCenter.version}, health ${vCenter.health}`,
        good: vCenter.version === goal.vCenter && vCenter.health === 'green',
      },
      ...vCenter.clusters.flatMap((cluster) => {
        const old = earlier?.clusters.find(({ name }) => name === cluster.name);
        return [
          ...cluster.hosts.map((host) => verifyHost(goal, vCenter.role, host)),
          {
            what: `${cluster.name}: apply policy as before`,
            seen: JSON.stringify(cluster.policy),
            good: sameJson(cluster.policy, old?.policy),
          },
          {
            what: `${cluster.name}: the same hosts as before`,
            seen: `${cluster.hosts.length} hosts`,
            good: sameJson(names(cluster.hosts), names(old?.hosts ?? [])),
          },
        ];
      }),
    ];
  });
}

function verifyHost(
  goal: Goal,
  role: 'trust-authority' | 'trusted',
  host: SeenSite['vCenters'][0]['clusters'][0]['hosts'][0],
): Verdict {
  const trusted = role === 'trusted';
  const proof = trusted ? host.attested : host.servicesRun;
  return {
    what: `${trusted ? 'Trusted Host' : 'Trust Authority Host'} ${host.name}`,
    seen: [
      `build ${host.build}`,
      host.connected ? 'connected' : 'NOT connected',
      host.inMaintenanceMode ? 'in maintenance mode' : 'in service',
      trusted
        ? host.attested
          ? 'attested'
          : 'NOT attested'
        : host.servicesRun
          ? 'services run'
          : 'services do NOT run',
    ].join(', '),
    good: host.build === goal.esxiBuild && host.connected && !host.inMaintenanceMode && proof,
  };
}

function names(hosts: { name: string }[]): string[] {
  return hosts.map(({ name }) => name).toSorted();
}

/** Equal as JSON, whatever the order of keys. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([x], [y]) => (x < y ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
