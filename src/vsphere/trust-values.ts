import { isObject, list, Misread, number, object, oneOf, string, type Decoded, type Decoder } from './decode';
import { localizableMessage } from './localizable-message';

/** Values that several vTA resources share (`com.vmware.vcenter.trusted_infrastructure`, 7.0.0.0). */

/** Base path of all vTA resources. */
export const TRUSTED_INFRASTRUCTURE = '/api/vcenter/trusted-infrastructure';

/**
 * Health of a vTA object. OK: all hosts alike and working; WARNING: works but needs attention; ERROR: does not work,
 * or hosts differ; NONE: not known. Anything else is of tomorrow and no better than not known.
 */
export const health = oneOf('NONE', 'OK', 'WARNING', 'ERROR');

/** `{health, details}`: the answer of every service status and applied configuration. */
export const healthReport = object({ health, details: list(localizableMessage) });
export type HealthReport = Decoded<typeof healthReport>;

export const networkAddress = object({ hostname: string }, { port: number });

/** PEM certificates, root first. */
export const x509CertChain = object({ cert_chain: list(string) });

export const stsPrincipal = object({
  id: object({ name: string, domain: string }),
  type: oneOf('STS_USER', 'STS_GROUP'),
});

/**
 * Wraps a decoder of something with a trusted CA. 7.0.3 to 8.0.3 write `trusted_CA`, the published description of 9.x
 * says `trusted_ca`: both are read, and given as `trusted_CA`.
 */
export function withTrustedCa<T>(decode: Decoder<T>): Decoder<T> {
  return (value, at) => {
    if (!isObject(value)) throw new Misread(at, 'is not an object');
    return decode({ ...value, trusted_CA: value['trusted_CA'] ?? value['trusted_ca'] }, at);
  };
}
