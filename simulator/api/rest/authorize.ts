import { Fault } from '../../world/fault';
import { holds, reaches, type ApplianceRole } from '../../world/privileges';
import type { Session } from '../../world/sessions';
import { OPERATIONS, type Operation } from './operation';

const CLUSTERS = 'com.vmware.esx.settings.clusters';
const HEALTH = 'VcIntegrity.lifecycleHealth.Read';
const SOFTWARE = 'VcIntegrity.lifecycleSoftwareSpecification';
const REMEDIATION = 'VcIntegrity.lifecycleSoftwareRemediation';
const SETTINGS = 'VcIntegrity.lifecycleSettings';

/**
 * Privileges of operations for which VMware's bindings name none.
 * documented (published API 9.0): apply, check, enablement, and that who writes drafts needs the write privilege.
 * guessed: stage is like apply without its health, scan and validate like other reads; those of hosts are vim25's.
 */
const NOT_IN_CONTRACT: Readonly<Record<string, readonly string[]>> = {
  [`${CLUSTERS}.software.apply$task`]: [`${REMEDIATION}.Write`, HEALTH],
  [`${CLUSTERS}.software.check$task`]: [`${REMEDIATION}.Read`, HEALTH],
  [`${CLUSTERS}.software.stage$task`]: [`${REMEDIATION}.Write`],
  [`${CLUSTERS}.software.scan$task`]: [`${SOFTWARE}.Read`],
  [`${CLUSTERS}.software.drafts.scan$task`]: [`${SOFTWARE}.Read`],
  [`${CLUSTERS}.software.drafts.validate$task`]: [`${SOFTWARE}.Read`],
  [`${CLUSTERS}.software.drafts.commit$task`]: [`${SOFTWARE}.Write`],
  [`${CLUSTERS}.enablement.software.check$task`]: [`${SETTINGS}.Write`],
  [`${CLUSTERS}.enablement.software.enable$task`]: [`${SETTINGS}.Write`],
  'com.vmware.esx.settings.depots.offline.create$task': [`${SETTINGS}.Write`],
  'com.vmware.esx.settings.depots.offline.create_from_host$task': [`${SETTINGS}.Write`],
  'com.vmware.vcenter.host.connect': ['Host.Config.Connection'],
  'com.vmware.vcenter.host.disconnect': ['Host.Config.Connection'],
  'com.vmware.vcenter.host.delete': ['Host.Inventory.RemoveHostFromCluster'],
};

/** Services that ask for a level of the appliance, not for privileges of the inventory. */
const OF_THE_APPLIANCE = ['com.vmware.appliance.', 'com.vmware.vcenter.services.'];

/** What the user of an operation must hold. */
export function neededPrivileges(operation: Operation): readonly string[] {
  return NOT_IN_CONTRACT[operation.key] ?? operation.privileges;
}

/** documented: an operator reads, an administrator changes. guessed: what is no GET counts as a change. */
export function neededApplianceRole(operation: Operation): ApplianceRole {
  if (!OF_THE_APPLIANCE.some((prefix) => operation.key.startsWith(prefix))) return 'none';
  return operation.method === 'GET' ? 'operator' : 'administrator';
}

/** Every privilege that some operation asks for. */
export function everyRestPrivilege(): string[] {
  return [...new Set([...OPERATIONS.values()].flatMap((operation) => neededPrivileges(operation)))];
}

/** The one place where the REST API asks for privileges. @throws Fault UNAUTHORIZED naming what is missing */
export function checkAuthorized(session: Session, operation: Operation): void {
  const missing = neededPrivileges(operation).filter((id) => !holds(session.privileges, id));
  if (missing.length > 0) throw new Fault('UNAUTHORIZED', `Missing privilege: ${missing.join(', ')}.`);
  const role = neededApplianceRole(operation);
  if (!reaches(session.applianceRole, role)) throw new Fault('UNAUTHORIZED', `Missing role of the appliance: ${role}.`);
}
