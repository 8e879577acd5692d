import type { DataObject } from './data-object';

/**
 * What vCenter knows of a host's attestation by its own Trusted Platform Module (`HostTpmAttestationInfo`), which is
 * not the one by a Trust Authority.
 */
export interface TpmAttestation {
  /** When it was judged; ISO time as the server gave it. */
  readonly time: string;
  /** `accepted` or `notAccepted`, or what a newer server says. */
  readonly status: string;
  readonly message: string | undefined;
}

/** The answer of one attestation service of the Trust Authority (`HostTrustAuthorityAttestationInfo`). */
export interface TrustAuthorityAttestation {
  /** `attested`, `notAttested` or `unknown`; what a newer server may say beyond these is for the reader unknown too. */
  readonly status: string;
  readonly serviceId: string | undefined;
  /** ISO time as the server gave it. */
  readonly attestedAt: string | undefined;
  readonly attestedUntil: string | undefined;
  readonly messages: readonly string[];
}

/** Decodes a `HostTpmAttestationInfo`. */
export function readTpmAttestation(info: DataObject): TpmAttestation {
  const message = info.objectOrUnset('message');
  return {
    time: info.time('time'),
    status: info.text('status'),
    message: message === undefined ? undefined : localizedText(message),
  };
}

/** Decodes a `HostTrustAuthorityAttestationInfo`. */
export function readTrustAuthorityAttestation(info: DataObject): TrustAuthorityAttestation {
  return {
    status: info.text('attestationStatus'),
    serviceId: info.textOrUnset('serviceId'),
    attestedAt: info.timeOrUnset('attestedAt'),
    attestedUntil: info.timeOrUnset('attestedUntil'),
    messages: info.objects('messages').map(localizedText),
  };
}

/** A `LocalizableMessage` for people: its text, or the key that stands for it. */
function localizedText(message: DataObject): string {
  return message.textOrUnset('message') ?? message.text('key');
}
