import type { HostSubject } from './ledger';

/**
 * What is known of the boots of a Trusted Host: after a Quick Boot it goes on attesting with the image of its last full
 * boot (R12), so an image is in use for longer than it runs. Only what a run of ours has observed stands here.
 */
export interface BootRecord {
  subject: HostSubject;
  /** What ran when it was recorded. */
  runs: BootedImage;
  /** Boot time as its vCenter told it then: a host that tells another one has booted since, unobserved. */
  bootTime: string;
  /** ISO time of the record, and the run that made it. */
  at: string;
  runId: string;
  /** Image of the last full boot: this one, or one of these where Quick Boot was on; nothing is known: none. */
  lastFullBoot: BootedImage[];
  /** What it ran before, newest first, and until when: a host that is reverted boots it again. */
  before: (BootedImage & { until: string })[];
}

/** An ESXi image as a host runs it. */
export interface BootedImage {
  version: string;
  build: string;
}

/** A host as it is seen at one moment, as far as its boots go. */
export interface SeenBoot extends BootedImage {
  /** ISO time as its vCenter tells it. */
  bootTime?: string;
}

/** What a run has observed of a Trusted Host that it brought to its image. */
export interface ObservedBoot extends Pick<BootRecord, 'subject' | 'at' | 'runId'> {
  /** Before the run touched it, and afterwards. */
  baseline: SeenBoot;
  now: SeenBoot & { bootTime: string };
  /** True only where Quick Boot was off from before the run touched the host until afterwards. */
  bootedFully: boolean;
  /** The run tried more than once: what happened in between was not observed. */
  severalTries?: true;
}
