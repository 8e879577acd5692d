import { createHash } from 'node:crypto';

import { Fault } from './fault';
import { imageDigest } from './image';
import type { Host } from './state';
import { isReachable } from './trust-cluster';

/** Id of the one endorsement key of a simulated TPM. */
export const ENDORSEMENT_KEY_ID = 'ek-ecc';
const PCR_COUNT = 24;
/** Registers that hold what ESXi measures of its image; the others belong to the firmware. */
const IMAGE_PCR = 19;

/**
 * A TPM of a host.
 * @throws Fault NOT_FOUND, SERVICE_UNAVAILABLE (guessed: the host cannot be asked)
 */
export function tpmOf(host: Host, id: string): Host['tpm'] {
  if (!isReachable(host)) throw new Fault('SERVICE_UNAVAILABLE', `${host.name} cannot be reached.`);
  if (!host.tpm.present || host.tpm.id !== id) throw new Fault('NOT_FOUND', `The TPM ${id} does not exist.`);
  return host.tpm;
}

/** SHA-256 values of the platform configuration registers: register 19 follows the image of the last full boot. */
export function pcrValues(host: Host): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: PCR_COUNT }, (_, index) => {
      const measured = index === IMAGE_PCR ? imageDigest(host.bootedImage) : `${host.model} ${host.secureBoot}`;
      return [String(index), createHash('sha256').update(`${index} ${measured}`).digest('base64')];
    }),
  );
}
