import { attest, attestPeriodically } from '../world/attestation';
import type { Clock } from '../world/clock';
import { DEFAULT_DURATIONS, DEFAULT_SWITCHES } from '../world/settings';
import type { Host, VCenter, Vm } from '../world/state';
import { World } from '../world/world';
import { buildHosts } from './build-host';
import {
  buildKeyProviders,
  buildKeyServers,
  buildTrustCopy,
  configureTrustedClusters,
  enableTrustAuthority,
} from './build-trust';
import { buildCluster, buildVCenter } from './build-vcenter';
import type { Scenario, ScenarioCluster } from './scenario.schema';
import { newSite, type Site } from './site';

/** A world and the secrets it was built with. */
export interface BuiltWorld {
  world: World;
  site: Site;
}

/** Builds the site of a scenario; every Trusted Host has attested once when this returns. */
export function buildWorld(scenario: Scenario, clock: Clock): BuiltWorld {
  const site = newSite(scenario, clock.now());
  const builder = new SiteBuilder(site);
  const authority = buildVCenter(site, 'trust-authority', scenario.trustAuthority.vCenter);
  const tac = buildCluster(site, authority, scenario.trustAuthority.cluster);
  const authorityHosts = builder.addHosts(authority, tac.moid, scenario.trustAuthority.cluster, true);
  const workloads = scenario.trusted.map((trusted) => {
    const vCenter = buildVCenter(site, 'trusted', trusted.vCenter);
    const hosts = trusted.clusters.flatMap((spec) =>
      builder.addHosts(vCenter, buildCluster(site, vCenter, spec).moid, spec, false),
    );
    const trustedClusters = [...vCenter.clusters];
    for (const spec of trusted.referenceClusters)
      builder.addHosts(vCenter, buildCluster(site, vCenter, spec).moid, spec, false);
    return { vCenter, clusters: trustedClusters, hosts };
  });
  const vCenters = [authority, ...workloads.map(({ vCenter }) => vCenter)];
  if (new Set(vCenters.map(({ id }) => id)).size < vCenters.length) throw new Error('two vCenters have the same name');

  const keyProviders = buildKeyProviders(site);
  const copy = buildTrustCopy(
    site,
    workloads.map(({ vCenter }) => vCenter),
    keyProviders,
  );
  enableTrustAuthority(tac, authorityHosts, copy, builder.unconfigured);
  for (const { vCenter, clusters, hosts } of workloads) {
    configureTrustedClusters(site, vCenter, { clusters, hosts }, tac, authorityHosts, builder.unconfigured);
  }
  for (const vCenter of vCenters) vCenter.nextMoid = Math.max(vCenter.nextMoid, 1001);

  const world = new World(
    clock,
    {
      durations: { ...DEFAULT_DURATIONS, ...scenario.durations },
      switches: { ...DEFAULT_SWITCHES, ...scenario.switches },
    },
    { vCenters, hosts: builder.hosts, vms: builder.vms, keyServers: buildKeyServers(site, keyProviders) },
  );
  for (const fault of scenario.faults) world.faults.add(fault);
  for (const host of world.state.hosts) attest(world, host, 'boot');
  attestPeriodically(world);
  return { world, site };
}

class SiteBuilder {
  readonly hosts: Host[] = [];
  readonly vms: Vm[] = [];
  /** Names of hosts whose trust configuration is missing from the start. */
  readonly unconfigured = new Set<string>();

  constructor(private readonly site: Site) {}

  addHosts(vCenter: VCenter, cluster: string, spec: ScenarioCluster, trustAuthority: boolean): Host[] {
    const built = buildHosts(this.site, vCenter, cluster, spec.hosts, trustAuthority);
    built.hosts.forEach((host, index) => {
      const own = { ...spec.hosts, ...spec.hosts.except[String(index + 1)] };
      if (own.trustConfigured === false) this.unconfigured.add(host.name);
    });
    for (const { name } of built.hosts) {
      if (this.hosts.some((host) => host.name === name)) throw new Error(`two hosts are named ${name}`);
    }
    this.hosts.push(...built.hosts);
    this.vms.push(...built.vms);
    return built.hosts;
  }
}
