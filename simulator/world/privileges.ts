/** Privilege ids of an account, or every privilege that there is. */
export type Privileges = 'all' | readonly string[];

/**
 * Authorization levels of an appliance (documented: vSphere Automation REST Programming Guide 8.0): an operator reads
 * the configuration, an administrator changes it, a super administrator manages accounts as well.
 */
export const APPLIANCE_ROLES = ['none', 'operator', 'administrator', 'superAdministrator'] as const;
export type ApplianceRole = (typeof APPLIANCE_ROLES)[number];

/** The privileges that every account has on every object: any role holds them (documented). */
const IN_EVERY_ROLE = ['System.Anonymous', 'System.View', 'System.Read'];

/** Its members administer vSphere Trust Authority (documented, R34). */
const TRUSTED_ADMINS = 'TrustedAdmins';

/** What the group TrustedAdmins holds: every privilege of the contract's operations on vSphere Trust Authority. */
const TRUST_PRIVILEGES = [
  'ConfigureHostCertificates',
  'ConfigureHostMetadata',
  'ManageAttestingSSO',
  'ManageKMSTrust',
  'ManageTrustedHosts',
  'ReadAttestingSSO',
  'ReadKMSTrust',
  'ReadStsInfo',
  'ReadTrustedHosts',
  'RetrieveHostMetadata',
  'RetrieveTPMHostCertificates',
].map((name) => `TrustedAdmin.${name}`);

/** True when an account holds a privilege. Roles on single objects are not simulated: it holds it everywhere. */
export function holds(privileges: Privileges, id: string): boolean {
  return privileges === 'all' || privileges.includes(id) || IN_EVERY_ROLE.includes(id);
}

/** True when one level of the appliance includes another. */
export function reaches(role: ApplianceRole, needed: ApplianceRole): boolean {
  return APPLIANCE_ROLES.indexOf(role) >= APPLIANCE_ROLES.indexOf(needed);
}

/** What an account holds by its own privileges, its roles and its groups; with neither of the first two, everything. */
export function privilegesOf(
  user: { privileges?: readonly string[] | undefined; roles: readonly string[]; groups: readonly string[] },
  roles: Readonly<Record<string, readonly string[]>>,
): Privileges {
  const byRoles = user.roles.flatMap((name) => {
    const privileges = roles[name];
    if (!privileges) throw new Error(`the scenario has no role ${name}`);
    return privileges;
  });
  if (user.privileges === undefined && user.roles.length === 0) return 'all';
  const byGroups = user.groups.includes(TRUSTED_ADMINS) ? TRUST_PRIVILEGES : [];
  return [...new Set([...(user.privileges ?? []), ...byRoles, ...byGroups])];
}
