import type { ClusterFacts, HostFacts, Inventory, VCenterFacts } from '../../src/model/inventory';
import { scalePace } from '../../src/model/pace';
import type { Plan, Finding } from '../../src/model/plan';
import type { UpgradeRequest } from '../../src/model/request';
import { planUpgrade } from '../../src/planner/plan';

/**
 * A healthy world that is one update behind: a Trust Authority Cluster of three hosts, a Trusted Cluster of four, all on
 * ESXi 8.0.3 build 24022510 under vCenter 8.0.3.00400, with everything there to go to 8.0.3.00500 and build 24674464.
 * A test changes what it is about.
 */
export const OLD = { version: '8.0.3', build: '24022510', image: '8.0.3-0.0.24022510', vCenter: '8.0.3.00400' };
export const NEW = { version: '8.0.3', build: '24674464', image: '8.0.3-0.0.24674464', vCenter: '8.0.3.00500' };

export const TA_VCENTER = 'ta-vc.lab.example';
export const WORKLOAD_VCENTER = 'workload-vc.lab.example';
export const TA_CLUSTER = 'vTA Cluster';
export const TRUSTED_CLUSTER = 'Trusted Cluster';

/** A request for everything; `changes` replaces top-level fields. */
export function request(changes: Partial<UpgradeRequest> = {}): UpgradeRequest {
  return {
    infrastructure: 'lab',
    target: { vCenter: NEW.vCenter, esxi: 'desired' },
    baseImage: { from: 'first-host' },
    approve: [],
    phases: [1, 2, 3, 4],
    quickBoot: 'disable',
    reboot: [],
    failureBudget: 0,
    ...changes,
  };
}

export function host(name: string, changes: Partial<HostFacts> = {}): HostFacts {
  return {
    id: `host-${name}`,
    name,
    uuid: `uuid-${name}`,
    cluster: TRUSTED_CLUSTER,
    vCenter: WORKLOAD_VCENTER,
    version: OLD.version,
    build: OLD.build,
    bootTime: '2026-01-01T00:00:00.000Z',
    connection: 'connected',
    inMaintenanceMode: false,
    inQuarantineMode: false,
    attestation: 'attested',
    stoppedServices: [],
    compliance: 'NON_COMPLIANT',
    runningVms: 2,
    ...changes,
  };
}

/** A host that runs the new image already. */
export function upgradedHost(name: string, changes: Partial<HostFacts> = {}): HostFacts {
  return host(name, { version: NEW.version, build: NEW.build, compliance: 'COMPLIANT', ...changes });
}

export function vCenter(name: string, changes: Partial<VCenterFacts> = {}): VCenterFacts {
  return {
    name,
    role: name === TA_VCENTER ? 'trust-authority' : 'trusted',
    version: OLD.vCenter,
    build: '24022515',
    health: 'green',
    updateState: 'UPDATES_PENDING',
    pendingUpdates: [{ version: NEW.vCenter, type: 'SECURITY', rebootRequired: true }],
    depotBaseImages: [OLD.image, NEW.image],
    backup: { location: 'sftp://backup.lab.example/vc' },
    ...changes,
  };
}

export function trustedCluster(changes: Partial<ClusterFacts> = {}): ClusterFacts {
  const name = changes.name ?? TRUSTED_CLUSTER;
  const at = { cluster: name, vCenter: changes.vCenter ?? WORKLOAD_VCENTER };
  return {
    id: 'domain-c20',
    name,
    vCenter: WORKLOAD_VCENTER,
    role: 'trusted',
    imageManaged: true,
    desiredImage: { baseImage: NEW.image },
    commit: '7',
    quickBoot: false,
    quickPatch: false,
    trustState: 'OK',
    hosts: ['host-1', 'host-2', 'host-3', 'host-4'].map((one) => host(`${one}.lab.example`, at)),
    ...changes,
  };
}

export function trustAuthorityCluster(changes: Partial<ClusterFacts> = {}): ClusterFacts {
  const at = { cluster: TA_CLUSTER, vCenter: TA_VCENTER, attestation: 'unknown', runningVms: 0 } as const;
  return {
    ...trustedCluster({ hosts: [] }),
    id: 'domain-c10',
    name: TA_CLUSTER,
    vCenter: TA_VCENTER,
    role: 'trust-authority',
    trustState: 'ENABLE',
    hosts: ['ta-host-1', 'ta-host-2', 'ta-host-3'].map((one) => host(`${one}.lab.example`, at)),
    ...changes,
  };
}

/** The healthy world; `changes` replaces top-level fields. */
export function inventory(changes: Partial<Inventory> = {}): Inventory {
  return {
    readAt: '2026-05-01T12:00:00.000Z',
    infrastructure: 'lab',
    infrastructureDigest: 'a'.repeat(64),
    approvals: { approvers: ['alice', 'bob'], required: 1, expireAfterMs: 72 * 3_600_000 },
    pace: scalePace(1),
    trustAuthority: {
      vCenter: vCenter(TA_VCENTER),
      cluster: trustAuthorityCluster(),
      services: {
        attestation: 'OK',
        keyProvider: 'OK',
        baseImages: [{ version: OLD.image, displayName: 'ESXi 8.0.3 24022510', health: 'OK', hasFile: true }],
        consumerPrincipals: [{ issuer: `https://${WORKLOAD_VCENTER}/openidconnect/vsphere.local`, name: 'workload' }],
        keyProviders: [{ id: 'kms', health: 'OK' }],
      },
    },
    trusted: [
      {
        vCenter: vCenter(WORKLOAD_VCENTER),
        clusters: [trustedCluster()],
        principal: { issuer: `https://${WORKLOAD_VCENTER}/openidconnect/vsphere.local`, name: 'workload' },
      },
    ],
    openChildren: [],
    leftBehind: [],
    canExportBaseImages: true,
    recovery: { revert: 'operator' },
    holds: [],
    notRestorable: [],
    ...changes,
  };
}

/** The healthy world with another Trust Authority side. */
export function withTrustAuthority(changes: Partial<Inventory['trustAuthority']>): Inventory {
  const healthy = inventory();
  return { ...healthy, trustAuthority: { ...healthy.trustAuthority, ...changes } };
}

/** The healthy world with other Trust Authority Hosts; each is named after its index and shows only what differs. */
export function withTrustAuthorityHosts(...hosts: Partial<HostFacts>[]): Inventory {
  const at = { cluster: TA_CLUSTER, vCenter: TA_VCENTER, attestation: 'unknown', runningVms: 0 } as const;
  const named = hosts.map((changes, index) => host(`ta-host-${index + 1}.lab.example`, { ...at, ...changes }));
  return withTrustAuthority({ cluster: trustAuthorityCluster({ hosts: named }) });
}

/** The healthy world with another workload side; the principal stays. */
export function withTrusted(changes: Partial<Inventory['trusted'][number]>): Inventory {
  const healthy = inventory();
  return { ...healthy, trusted: healthy.trusted.map((entry) => ({ ...entry, ...changes })) };
}

/** The healthy world with other Trusted Hosts; each is named after its index and shows only what differs. */
export function withTrustedHosts(...hosts: Partial<HostFacts>[]): Inventory {
  const named = hosts.map((changes, index) => host(`host-${index + 1}.lab.example`, changes));
  return withTrusted({ clusters: [trustedCluster({ hosts: named })] });
}

/** The plan for a request; throws the refusals when there is none, so that a test shows them. */
export function plan(asked: UpgradeRequest = request(), world: Inventory = inventory()): Plan {
  const result = planUpgrade(asked, world);
  if (result.kind === 'plan') return result.plan;
  throw new Error(`refused: ${result.refusals.map(({ code, message }) => `${code}: ${message}`).join('\n')}`);
}

/** The refusals of a request; none when it is planned. */
export function refusals(asked: UpgradeRequest = request(), world: Inventory = inventory()): Finding[] {
  const result = planUpgrade(asked, world);
  return result.kind === 'refused' ? result.refusals : [];
}
