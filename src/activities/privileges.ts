import type { Pace } from '../model/pace';
import type { Finding } from '../model/plan';
import { NEEDED_PRIVILEGES, type NeededPrivilege } from '../model/privileges';
import { ApiFault } from '../vsphere/errors';
import type { CallOptions } from '../vsphere/transport';
import { vCenterName, type ConnectedVCenter } from './connections';
import type { Site } from './dependencies';
import { callOptions } from './wait';

type Role = NeededPrivilege['vCenters'][number];
type Only = NeededPrivilege['only'];

/**
 * What the accounts of a site lack, a finding for each vCenter: asked before anything else is read, so that an account
 * that may do half of it does not fail in the middle. Changes nothing.
 * @param only what bringing a failed host back needs beyond the upgrade, and nothing else; not given: what an upgrade needs
 */
export async function findMissingPrivileges(site: Site, pace: Pace, only: Only[] = [undefined]): Promise<Finding[]> {
  const { trustAuthority, trusted } = site.infrastructure;
  const options = callOptions(pace);
  const parts = [
    { endpoint: trustAuthority.vCenter, role: 'trust-authority' as const, clusters: [trustAuthority.cluster] },
    ...trusted.map(({ vCenter, clusters, referenceClusters = [] }) => ({
      endpoint: vCenter,
      role: 'trusted' as const,
      clusters: [...clusters, ...referenceClusters],
    })),
  ];
  const findings: Finding[] = [];
  for (const { endpoint, role, clusters } of parts) {
    const name = vCenterName(endpoint);
    const vCenter = await site.connections.vCenter(name);
    const lacking = [...(await missingOn(vCenter, 'rootFolder', needed('vCenter', role, only), options))].map(
      (id) => `${id} on the vCenter`,
    );
    for (const cluster of clusters) {
      const id = await site.connections.clusterId(name, cluster);
      const object = { type: 'ClusterComputeResource', id };
      const missing = await missingOn(vCenter, object, needed('cluster', role, only), options);
      lacking.push(...missing.map((privilege) => `${privilege} on the cluster ${cluster}`));
    }
    if (lacking.length > 0) findings.push(finding(name, endpoint.username, lacking));
  }
  return findings;
}

function needed(on: NeededPrivilege['on'], role: Role, only: Only[]): string[] {
  return NEEDED_PRIVILEGES.filter((one) => one.on === on && one.vCenters.includes(role) && only.includes(one.only)).map(
    ({ id }) => id,
  );
}

/** A server without this question is believed: what the account may not do shows when it does it. */
async function missingOn(
  { vim }: ConnectedVCenter,
  entity: Parameters<ConnectedVCenter['vim']['authorization']['missing']>[0],
  privileges: readonly string[],
  options: CallOptions,
): Promise<string[]> {
  if (privileges.length === 0) return [];
  try {
    return await vim.authorization.missing(entity, privileges, options);
  } catch (error) {
    if (error instanceof ApiFault && ['NotSupported', 'MethodNotFound'].includes(error.errorType ?? '')) return [];
    throw error;
  }
}

function finding(vCenter: string, username: string, lacking: readonly string[]): Finding {
  const trust = lacking.some((line) => line.startsWith('TrustedAdmin.'))
    ? ' Those of vSphere Trust Authority come with the group TrustedAdmins.'
    : '';
  return {
    code: 'VTA_PRIVILEGE_MISSING',
    subject: `vCenter ${vCenter}`,
    message: `${username} lacks privileges at ${vCenter}: ${lacking.join(', ')}.`,
    remedy: `Give them to its role (docs/permissions.md says what each is needed for), and ask again.${trust}`,
  };
}

/** What bringing a host of that kind back needs beyond the upgrade. */
export function forRecovery(role: Role): Only[] {
  return role === 'trusted' ? ['recovery', 'recovery of Trusted Hosts'] : ['recovery'];
}
