/** Name of the cookie that Login sets. */
const NAME = 'vmware_soap_session';

/** The `Set-Cookie` value of a new session, in quotes as vCenter writes it (recorded from pyvmomi's echo). */
export function setCookie(token: string): string {
  return `${NAME}="${token}"; Path=/; HttpOnly; Secure`;
}

/**
 * The session token of a `Cookie` header. pyvmomi echoes the whole Set-Cookie value, attributes and quotes included;
 * others send `name=value` alone or among other cookies.
 */
export function sessionToken(cookie: string | undefined): string | null {
  for (const part of (cookie ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== NAME) continue;
    const value = part.slice(equals + 1).trim();
    const token = /^"(.*)"$/.exec(value)?.[1] ?? value;
    if (token !== '') return token;
  }
  return null;
}
