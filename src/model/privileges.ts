/** A privilege that the account of a vCenter must hold, and what for. `docs/permissions.md` shows the same table. */
export interface NeededPrivilege {
  id: string;
  /** Where it is asked for: on the whole vCenter, or on the clusters that are upgraded and their hosts. */
  on: 'vCenter' | 'cluster';
  /** Which vCenters' accounts need it. */
  vCenters: readonly ('trust-authority' | 'trusted')[];
  neededFor: string;
  /**
   * Nothing but bringing a failed Trust Authority Host back asks for it (R20-R24), or a Trusted Host where the request
   * allows that: without it a run can upgrade, not recover.
   */
  only?: 'recovery' | 'recovery of Trusted Hosts';
}

const BOTH = ['trust-authority', 'trusted'] as const;
const TRUST_AUTHORITY = ['trust-authority'] as const;
const TRUSTED = ['trusted'] as const;

/**
 * The least that a run asks for, besides System.Anonymous, System.View and System.Read, which every role has. A
 * test runs with exactly these and compares them with what the run asked for: a new call may need a new line.
 */
export const NEEDED_PRIVILEGES: readonly NeededPrivilege[] = [
  {
    id: 'Host.Config.Maintenance',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'entering and leaving maintenance mode',
  },
  {
    id: 'Host.Config.Connection',
    on: 'cluster',
    vCenters: TRUSTED,
    neededFor: 'reconnecting a Trusted Host that does not attest, once',
  },
  {
    id: 'Host.Config.Connection',
    on: 'cluster',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: disconnecting a failed Trust Authority Host before it is removed',
    only: 'recovery',
  },
  {
    id: 'Host.Config.NetService',
    on: 'cluster',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery, or services that do not come up after an upgrade: restarting attestd and kmxd (R2)',
    only: 'recovery',
  },
  {
    id: 'Host.Inventory.RemoveHostFromCluster',
    on: 'cluster',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: removing a failed Trust Authority Host (R20)',
    only: 'recovery',
  },
  {
    id: 'Host.Inventory.AddHostToCluster',
    on: 'cluster',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: adding it again (R22)',
    only: 'recovery',
  },
  {
    id: 'Global.Diagnostics',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: logs as evidence of the failure (R27)',
    only: 'recovery',
  },
  {
    id: 'Host.Inventory.RemoveHostFromCluster',
    on: 'cluster',
    vCenters: TRUSTED,
    neededFor: 'only a recovery of a Trusted Host, where the request allows it: removing it',
    only: 'recovery of Trusted Hosts',
  },
  {
    id: 'Host.Inventory.AddHostToCluster',
    on: 'cluster',
    vCenters: TRUSTED,
    neededFor: 'only a recovery of a Trusted Host: adding it again',
    only: 'recovery of Trusted Hosts',
  },
  {
    id: 'Global.Diagnostics',
    on: 'vCenter',
    vCenters: TRUSTED,
    neededFor: 'only a recovery of a Trusted Host: logs as evidence of the failure (R27)',
    only: 'recovery of Trusted Hosts',
  },
  {
    id: 'TrustedAdmin.ManageTrustedHosts',
    on: 'vCenter',
    vCenters: BOTH,
    neededFor:
      'only a recovery: ENABLE of the Trust Authority Cluster for the host that was added again; at vCenters of Trusted Clusters telling them a changed address or authority of its services, and giving a Trusted Host that was added again the configuration of its cluster',
    only: 'recovery',
  },
  {
    id: 'TrustedAdmin.ConfigureHostCertificates',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: giving the host CA certificates, endorsement keys and TPM 2.0 settings again',
    only: 'recovery',
  },
  {
    id: 'TrustedAdmin.ManageKMSTrust',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: giving it the key providers again',
    only: 'recovery',
  },
  {
    id: 'TrustedAdmin.ManageAttestingSSO',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'only a recovery: giving it the consumer principals again',
    only: 'recovery',
  },
  {
    id: 'TrustedAdmin.ReadTrustedHosts',
    on: 'vCenter',
    vCenters: BOTH,
    neededFor: 'reading the Trust Authority Cluster, its hosts, and the health of what is applied to Trusted Hosts',
  },
  {
    id: 'TrustedAdmin.ReadStsInfo',
    on: 'vCenter',
    vCenters: TRUSTED,
    neededFor: 'comparing the token service of the vCenter with the consumer principals (R13)',
  },
  {
    id: 'TrustedAdmin.RetrieveHostMetadata',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'listing base images, and when each was last attested with',
  },
  {
    id: 'TrustedAdmin.ConfigureHostMetadata',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'importing the base image of upgraded Trusted Hosts (R4)',
  },
  {
    id: 'TrustedAdmin.RetrieveTPMHostCertificates',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor:
      'reading the status of the attestation service, and CA certificates, endorsement keys and settings for the backup (R32)',
  },
  {
    id: 'TrustedAdmin.ReadKMSTrust',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor: 'reading the status of the key provider service, and key providers for the backup (R32)',
  },
  {
    id: 'TrustedAdmin.ReadAttestingSSO',
    on: 'vCenter',
    vCenters: TRUST_AUTHORITY,
    neededFor:
      'reading consumer principals: for the backup, and to find workload vCenters that are not configured (R13)',
  },
  {
    id: 'VcIntegrity.lifecycleHealth.Read',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'check and apply of vLCM ask for it',
  },
  {
    id: 'VcIntegrity.lifecycleSettings.Read',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'reading how a cluster is managed, its apply policies (Quick Boot) and the images of the depot',
  },
  {
    id: 'VcIntegrity.lifecycleSettings.Write',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'switching Quick Boot off before the first host and restoring it after the last (R14)',
  },
  {
    id: 'VcIntegrity.lifecycleSoftwareRemediation.Read',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: "vLCM's pre-check of a host, and what became of a remediation",
  },
  {
    id: 'VcIntegrity.lifecycleSoftwareRemediation.Write',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'remediating a host, one at a time (R10), and staging before a maintenance window (M3)',
  },
  {
    id: 'VcIntegrity.lifecycleSoftwareSpecification.Read',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'reading the desired image and compliance',
  },
  {
    id: 'VcIntegrity.lifecycleSoftwareSpecification.Write',
    on: 'cluster',
    vCenters: BOTH,
    neededFor: 'committing the desired image that the plan names, and discarding a draft of it that a run left',
  },
];
