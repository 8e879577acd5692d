import type { Evidence, HostItself, RecoveryLook, ServiceDifference } from '../model/recovery';
import type { PlannedCluster } from '../model/plan';
import type { ConfigurationBackup, HostBaseline } from '../model/work';
import type { HostStepInput } from './activities';

/**
 * Activities that bring a failed host back (R20-R24): a Trust Authority Host, or a Trusted Host where the request allows
 * it. `host.id` is its managed object id now: another one
 * after it was added again. The verbs mean what they mean in `Activities`.
 */
export interface RecoveryActivities {
  /** Logs, recent tasks and events around a failed host, in the archive (R27). Best effort with its own deadline: never fails for what is missing. */
  vtaCollectEvidence(input: HostStepInput & { runId: string; attempt: number; problem: string }): Promise<Evidence>;
  /** The host as its vCenter sees it, and what its removal would mean. Reads only. */
  vtaReadRecoveryLook(
    input: HostStepInput & { cluster: PlannedCluster; baseline?: HostBaseline },
  ): Promise<RecoveryLook>;
  /**
   * The host is in no inventory of its vCenter. Connected: maintenance mode, disconnect, destroy; unreachable: disconnect
   * where that is still needed, destroy. Refuses while no other Trust Authority Host serves (N8, VTA_NO_HEALTHY_PEER); a
   * Trusted Host also while a virtual machine is on it, or no other host of its cluster is in service and attests.
   */
  vtaEnsureHostRemoved(input: HostStepInput & { cluster: PlannedCluster }): Promise<{ removedAt: string }>;
  /**
   * Asks the host itself, until it answers or `deadlineMs` has passed; what it does not tell is named. Never fails for a
   * host that does not answer.
   * @param confirmedCertificate SHA-256 of a certificate that a person confirmed; takes the place of the configured trust
   */
  vtaReadHostItself(input: HostStepInput & { deadlineMs: number; confirmedCertificate?: string }): Promise<HostItself>;
  /** The host is in the cluster again, connected, in maintenance mode, licensed like its neighbours. Returns its new id. */
  vtaEnsureHostAdded(
    input: HostStepInput & { cluster: PlannedCluster; confirmedCertificate?: string },
  ): Promise<{ id: string }>;
  /**
   * A Trusted Host that was added again has the services that its cluster wants, like all hosts of it. The cluster is told
   * to apply its configuration only where the hosts differ from it, and never where it wants none: that would strip them.
   * @returns whether it had to be applied
   */
  vtaEnsureTrustApplied(input: HostStepInput & { cluster: PlannedCluster }): Promise<{ applied: boolean }>;
  /** The Trust Authority Cluster is told ENABLE again, so that the services of the new member are started. */
  vtaEnsureTrustAuthorityEnabled(input: HostStepInput): Promise<void>;
  /**
   * The vTA configuration of the backup is on all hosts, judged by health: what is missing on the host is created again;
   * nothing that the healthy hosts have is deleted or replaced. One key provider at a time; stops at the first server that
   * is not OK (VTA_TRUST_AUTHORITY_NOT_CONSISTENT names what is not, and what the operator can do).
   */
  vtaEnsureVtaConfigurationRestored(
    input: HostStepInput & { backup: ConfigurationBackup },
  ): Promise<{ written: string[]; notes: string[] }>;
  /** attestd and kmxd were restarted on this one host (R2): twice does no harm. */
  vtaEnsureServicesRestarted(input: HostStepInput): Promise<void>;
  /** What the workload vCenters know of this host's services (address, CA) and it presents otherwise. Reads only. */
  vtaReadServiceDifferences(input: HostStepInput): Promise<ServiceDifference[]>;
  /** The workload vCenters know the host's services as they are now. */
  vtaEnsureServicesKnown(input: HostStepInput & { differences: ServiceDifference[] }): Promise<void>;
  /** Consistent with its neighbours, every KMIP server OK with both trust flags, attestation and key provider service OK. */
  vtaWaitHostConsistent(input: HostStepInput): Promise<void>;
  /**
   * A Trusted Host was attested by this very host's attestation service after `notBefore` (clock of the host's vCenter,
   * moved to the clock of the Trusted Host's). At the deadline: not seen, with why.
   */
  vtaWaitAttestationThrough(
    input: HostStepInput & { notBefore: string; deadlineMs: number },
  ): Promise<{ seen: boolean; detail: string }>;
}
