import type { PlannedCluster, PlannedHost } from './plan';
import type { ConfigurationBackup } from './work';

/** What bringing a failed host back needs to know and remembers (R20-R24). JSON-plain, without secrets. */

/** What a host ran before the run touched it: what a revert must bring back. */
export interface PreviousEsxi {
  version: string;
  build: string;
  bootTime?: string;
  /** SHA-256 of its image database before the upgrade; unset where no ESXi account is configured. */
  imageSha256?: string;
}

/** What was collected after a failure (R27): in the archive, best effort. */
export interface Evidence {
  /** Directory or file in the archive. */
  path: string;
  sha256: string;
  /** What is in it, a line each. */
  collected: string[];
  /** What could not be had, and why. */
  missing: string[];
}

/** A failed host as its vCenter and its peers see it, before it is decided what must be done. */
export interface RecoveryLook {
  /** Managed object id; not given: the vCenter has no such host, or an older version did not tell it. */
  id?: string;
  /** `absent`: the vCenter has no such host any more. */
  connection: 'connected' | 'disconnected' | 'notResponding' | 'absent';
  version?: string;
  build?: string;
  inMaintenanceMode: boolean;
  /** It runs the version and build that it had before. */
  onOldBuild: boolean;
  /**
   * Its services run and the Trust Authority Cluster says that all its hosts are consistent; a Trusted Host has attested
   * since its boot, and all hosts of its cluster have the trust configuration of the cluster.
   */
  consistent: boolean;
  /** What is wrong, a line each; empty when it is in order. */
  trouble: string[];
  /** Other Trust Authority Hosts that are in service and serve (N8); of a Trusted Host others that are in service and attest. */
  servingPeers: number;
  /** Only of a Trusted Host that is connected: whether it has attested since its boot. */
  attested?: boolean;
  /** Only of a Trusted Host: the virtual machines that would leave the inventory with it. */
  virtualMachines?: string[];
  /** It is in the inventory, in another cluster. */
  elsewhere?: true;
  /** What removing it from the inventory would lose, with what a person must do about it, a line each. */
  losses: string[];
  /** Clock of its vCenter. */
  vCenterTime: string;
}

/** A host asked directly, by the account of ESXi: after its removal nobody else can tell what it runs. */
export interface HostItself {
  reachable: boolean;
  /** Why it could not be asked, or what it did not tell. */
  unknown: string[];
  uuid?: string;
  version?: string;
  build?: string;
  bootTime?: string;
  inMaintenanceMode?: boolean;
  /** Keys of its services that run. */
  runningServices?: string[];
  imageSha256?: string;
  certificate?: HostCertificate;
}

/** The certificate that a host presents, and whether the configuration trusts it. */
export interface HostCertificate {
  /** SHA-256, hexadecimal with colons. */
  sha256: string;
  /** Verified by the configured authority or thumbprint; otherwise a person must confirm it. */
  trusted: boolean;
}

/** What the operator's own hook is given and what it answers (activity `vtaRevertHost` on the site's task queue). */
export interface RevertHostInput {
  infrastructure: string;
  /** The same for every attempt to revert this host in this recovery: a hook that is asked twice does it once. */
  operationId: string;
  host: { name: string; uuid: string };
  failed: { version: string; build: string };
  previous: PreviousEsxi;
}

/** A claim, not a proof: the run verifies the host by itself. */
export interface SiteHookResult {
  /** What was done, for the audit. */
  note: string;
}

/** Activity `vtaRestartService` on the site's task queue (R3): no API restarts kmxa on a Trusted Host. */
export interface RestartServiceInput {
  infrastructure: string;
  operationId: string;
  host: { name: string; uuid: string };
  /** `kmxa`, ... */
  service: string;
}

/** What a workload vCenter knows of a service of a Trust Authority Host and what the host now presents. */
export interface ServiceDifference {
  vCenter: string;
  /** Id in the vCenter's list of services. */
  id: string;
  service: 'attestation' | 'key provider';
  /** What differs, for people. */
  what: string;
  /** Address and certificate (SHA-256) that the host presents: what people approve. */
  presents?: string;
  /** Ids of the Trusted Clusters that used the service under what is known of it: they get it back. */
  usedBy?: string[];
}

/** All that a recovery needs, kept in the run's state and, before the host is removed, in the ledger. */
export interface Recovery {
  host: PlannedHost;
  cluster: PlannedCluster;
  previous: PreviousEsxi;
  backup: ConfigurationBackup;
  /** First execution id of the run that began it; not given: the run that holds it. */
  runId?: string;
  /** Attempt of the host's step that failed, and why. */
  attempt: number;
  problem: string;
  /** Parts of the recovery that have ended. */
  done: string[];
  evidence?: Evidence;
  /** How its vCenter had it when people approved its removal. */
  approvedAs?: RecoveryLook['connection'];
  /** Its removal was recorded and begun: from then on it may be disconnected, or gone, by what this recovery did. */
  removalBegun?: true;
  /** It was never out of the inventory: it is verified, and not said to have been removed. */
  neverRemoved?: true;
  /** Clock of the vCenter when it was out of the inventory. */
  removedAt?: string;
  /** How it came back to its old version. */
  revertedBy?: 'itself' | 'operator' | 'hook';
  /** The site's hook was asked to revert it: it is not asked twice. */
  hookAsked?: boolean;
  /** What the hook answered, or why it did not, for the person who is asked after it. */
  hookSaid?: string;
  /** What its removal loses, as people were shown before they approved it. */
  losses?: string[];
  /** Certificate that a person confirmed, SHA-256. */
  confirmedCertificate?: string;
  /** What could not be verified and a person took the responsibility for. */
  waived?: string[];
  /** Managed object id after it was added again. */
  newId?: string;
  /** What was approved to be told to the workload vCenters: once begun, it cannot be read from them any more. */
  services?: ServiceDifference[];
  /** Why no attestation of a Trusted Host through it was seen. */
  attestationUnseen?: string;
}
