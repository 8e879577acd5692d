import { createHash } from 'node:crypto';

import { imageDigest } from '../../../world/image';
import type { Host } from '../../../world/state';
import type { DataObject } from '../vim25/values';

/** PCRs that measure firmware (0), Secure Boot policy (7), boot loader (8) and the ESXi image (11). */
const PCRS = [0, 7, 8, 11];

/**
 * HostTpmAttestationReport; undefined where the host has no TPM (documented: null). The digests are made up, but equal
 * for equal firmware, settings and booted image, so that a change of the image can be seen in them.
 */
export function tpmReport(host: Host): DataObject | undefined {
  if (!host.tpm.present) return undefined;
  return {
    tpmPcrValues: PCRS.map((pcrNumber) => ({
      digestMethod: 'SHA256',
      digestValue: signedBytes(measurement(host, pcrNumber)),
      objectName: `PCR${pcrNumber}`,
      pcrNumber,
    })),
    tpmEvents: [],
    tpmLogReliable: true,
  };
}

function measurement(host: Host, pcr: number): Buffer {
  const measured = pcr === 11 ? imageDigest(host.bootedImage) : pcr === 7 ? String(host.secureBoot) : host.model;
  return createHash('sha256').update(`${pcr} ${measured}`).digest();
}

/** vim25 bytes are signed. */
function signedBytes(bytes: Buffer): number[] {
  return [...new Int8Array(bytes)];
}
