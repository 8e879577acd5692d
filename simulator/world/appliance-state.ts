import type { LocalizableMessage } from './fault';

/** An update that the appliance could install. */
export interface PendingUpdate {
  version: string;
  build: string;
  name: string;
  /** Milliseconds. */
  releaseDate: number;
  sizeMb: number;
  updateType: 'SECURITY' | 'FIX' | 'UPDATE' | 'UPGRADE';
  rebootRequired: boolean;
}

export interface BackupJob {
  id: string;
  state: 'FAILED' | 'INPROGRESS' | 'NONE' | 'SUCCEEDED';
  location: string;
  locationType: string;
  locationUser?: string;
  parts: string[];
  comment?: string;
  encrypted: boolean;
  progress: number;
  startTime: number;
  endTime?: number;
  messages: LocalizableMessage[];
  user: string;
}

/** The appliance's part of a vCenter. */
export interface Appliance {
  state:
    | 'UP_TO_DATE'
    | 'UPDATES_PENDING'
    | 'STAGE_IN_PROGRESS'
    | 'INSTALL_IN_PROGRESS'
    | 'INSTALL_FAILED'
    | 'ROLLBACK_IN_PROGRESS';
  pending: PendingUpdate[];
  /** Version that is staged, if any. */
  staged: string | null;
  /** Version that is being staged or installed, or whose install failed. */
  inWork: string | null;
  progress: number;
  /** When what is in work began, and when it failed, in milliseconds. */
  workStarted?: number;
  workEnded?: number;
  /** Version and build before the last update: what a rollback returns to. */
  snapshot: { version: string; build: string } | null;
  /** Wire form of the update policy. */
  policy: Record<string, unknown>;
  backups: BackupJob[];
  bootTime: number;
  installTime: number;
  lastQuery: number | null;
  /** What `health/system` and its kin answer. */
  health: Record<string, 'green' | 'yellow' | 'orange' | 'red' | 'gray'>;
  services: { name: string; description: string; running: boolean }[];
}
