/**
 * True when two spellings name one account: tasks write `VSPHERE.LOCAL\Administrator`, configurations
 * `administrator@vsphere.local`. Case does not matter in either.
 */
export function sameAccount(a: string | undefined, b: string): boolean {
  return a !== undefined && normal(a) === normal(b);
}

/** True for the administrator of vCenter Single Sign-On, whatever its domain is called. */
export function isSsoAdministrator(account: string): boolean {
  return normal(account).startsWith('administrator@');
}

function normal(account: string): string {
  const [domain, name] = account.split('\\');
  return (name === undefined ? account : `${name}@${domain ?? ''}`).toLowerCase();
}
