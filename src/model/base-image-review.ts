import type { AttestationStatus, Health } from './inventory';
import type { BootRecord } from './boots';

/** What is asked of the removal of base images (R30). */
export interface BaseImageRemoval {
  /** An image stays for so long after the last host left it, so that a revert still finds it; milliseconds. */
  keepForMs: number;
  /** Versions that may go although the archive holds no file by which they could be imported again. */
  withoutFile: string[];
}

/** All that the review of base images knows of the world, read at one moment. */
export interface BaseImageFacts {
  /** ISO time of the worker's clock. */
  readAt: string;
  images: TrustedImageFacts[];
  /** Every host of a configured workload vCenter that attests, or is in a configured Trusted Cluster. */
  hosts: AttestingHost[];
  /** Base images that desired images name, as vLCM names them. */
  desired: { cluster: string; baseImage: string }[];
  /** Consumers of the Trust Authority Cluster that the infrastructure file does not name (R13). */
  unknownConsumers: string[];
  /** Trust Authority Hosts that are not connected: what they trust cannot be changed now. */
  trustAuthorityHostsAway: string[];
  /** Names of Trust Authority Hosts whose recovery is not over: they are to be given every image again. */
  openRecoveries: string[];
}

export interface TrustedImageFacts {
  version: string;
  displayName: string;
  health: Health;
  /** ISO time by the Trust Authority Cluster (8.0.1 and later). */
  lastAttested?: string;
  /** Name of its file in `<archive>/base-images/` with the digest under which it was imported. */
  file?: { name: string; sha256: string };
}

export interface AttestingHost {
  name: string;
  uuid: string;
  vCenter: string;
  /** Name of its cluster, if the infrastructure file names it. */
  cluster?: string;
  connection: string;
  version: string;
  build: string;
  bootTime?: string;
  /** The best answer of all attestation services. */
  attestation: AttestationStatus;
  /** Some attestation service refuses it, whatever others said before. */
  refusedBySome?: boolean;
  /** ISO time of its latest attestation, as its vCenter tells it. */
  attestedAt?: string;
  /** What the ledger holds of it. */
  record?: BootRecord;
}

/** Whether trusted base images may go, image by image. */
export interface BaseImageReview {
  /** Why nothing at all may be removed now; empty when something may. */
  blocked: string[];
  images: BaseImageVerdict[];
}

export interface BaseImageVerdict {
  version: string;
  displayName: string;
  lastAttested?: string;
  file?: { name: string; sha256: string };
  /** True: nothing needs it. */
  mayGo: boolean;
  /** Why it may go or must stay, a sentence each. */
  why: string[];
}
