import { readFile } from 'node:fs/promises';
import { VCenter } from '../../vsphere/vcenter';
import { VimClient } from '../../vsphere/vim/vim-client';
import type { ReadyFile } from './parts';

/** What a fresh session sees of the site: the demo judges by this, and by nothing that the run says of itself. */
export interface SeenSite {
  vCenters: SeenVCenter[];
}

export interface SeenVCenter {
  url: string;
  role: 'trust-authority' | 'trusted';
  version: string;
  health: string;
  clusters: SeenCluster[];
}

export interface SeenCluster {
  name: string;
  policy: Record<string, unknown>;
  hosts: SeenHost[];
}

export interface SeenHost {
  name: string;
  build: string;
  connected: boolean;
  inMaintenanceMode: boolean;
  /** Trusted Hosts: at least one attestation service says so. */
  attested: boolean;
  /** Trust Authority Hosts: attestd and kmxd run. */
  servicesRun: boolean;
}

/** Logs in anew, reads everything, logs out. */
export async function readSite(ready: ReadyFile): Promise<SeenSite> {
  const vCenters = [
    await readVCenter(ready, ready.trustAuthority.vCenter, [ready.trustAuthority.cluster], 'trust-authority'),
  ];
  for (const { vCenter, clusters } of ready.trusted)
    vCenters.push(await readVCenter(ready, vCenter, clusters, 'trusted'));
  return { vCenters };
}

async function readVCenter(
  ready: ReadyFile,
  url: string,
  clusters: string[],
  role: SeenVCenter['role'],
): Promise<SeenVCenter> {
  const credentials = () => Promise.resolve({ username: ready.username, password: ready.password });
  const vCenter = new VCenter({ url, trust: { kind: 'ca', pem: await readFile(ready.caFile, 'utf8') } }, credentials);
  const vim = new VimClient({ transport: vCenter.transport, credentials });
  try {
    const seen: SeenCluster[] = [];
    for (const cluster of await vCenter.inventory.clusters(clusters))
      seen.push({
        name: cluster.name,
        policy: (await vCenter.applyPolicies.configured(cluster.cluster)).policy,
        hosts: await readHosts(vim, cluster.cluster, role),
      });
    const { version } = await vCenter.appliance.version();
    return { url, role, version, health: await vCenter.appliance.health(), clusters: seen };
  } finally {
    await vim.close();
    await vCenter.close();
  }
}

async function readHosts(vim: VimClient, cluster: string, role: SeenVCenter['role']): Promise<SeenHost[]> {
  const seen: SeenHost[] = [];
  for (const host of await vim.hosts.ofCluster(cluster)) {
    const services = role === 'trust-authority' ? await vim.hostServices.list(host.id) : [];
    seen.push({
      name: host.name,
      build: host.build ?? 'unknown',
      connected: host.connectionState === 'connected',
      inMaintenanceMode: host.inMaintenanceMode,
      attested: host.trustAuthorityAttestations?.some(({ status }) => status === 'attested') ?? false,
      servicesRun: ['attestd', 'kmxd'].every((key) => services.some((each) => each.key === key && each.running)),
    });
  }
  return seen;
}
