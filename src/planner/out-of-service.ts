import type { ClusterRole, HostFacts } from '../model/inventory';

/**
 * Whether a host serves nobody now, although nothing is wrong with its vCenter: in maintenance mode, or, for a Trusted
 * Host, without attestation (R26: its encrypted machines cannot be used). At most one host of a tier may be so when a
 * run begins, and that one goes first (R10), so that never two are out.
 */
export function isOutOfService(host: HostFacts, role: ClusterRole): boolean {
  return host.inMaintenanceMode || (role === 'trusted' && host.attestation !== 'attested');
}
