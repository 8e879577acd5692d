import { iso, type Clock } from './clock';

/** What the world's log knows: everything that matters to order and pace. */
export type WorldEventKind =
  | 'login'
  | 'login-failed'
  | 'logout'
  | 'vcenter-update-started'
  | 'vcenter-unreachable'
  | 'vcenter-back'
  | 'vcenter-update-failed'
  | 'vcenter-staged'
  | 'vcenter-rollback'
  | 'backup-started'
  | 'backup-finished'
  | 'maintenance-mode-entering'
  | 'maintenance-mode-entered'
  | 'maintenance-mode-failed'
  | 'maintenance-mode-left'
  | 'remediation-started'
  | 'remediation-ended'
  | 'stage-ended'
  | 'reboot-started'
  | 'reboot-ended'
  | 'build-changed'
  | 'attested'
  | 'not-attested'
  | 'attestation-unknown'
  | 'base-image-imported'
  | 'base-image-removed'
  | 'trust-config-changed'
  | 'trust-authority-state'
  | 'applied-config-changed'
  | 'connection-changed'
  | 'host-added'
  | 'host-removed'
  | 'host-moved'
  | 'service-started'
  | 'service-stopped'
  | 'service-restarted'
  | 'policy-changed'
  | 'desired-image-changed'
  | 'draft-changed'
  | 'depot-changed'
  | 'vm-moved'
  | 'vm-power'
  | 'fault-fired'
  | 'edited';

/** One line of the world's log. */
export interface WorldEvent {
  /** 1, 2, 3, …: the order in which things happened, finer than the clock. */
  seq: number;
  time: string;
  /** Id of the vCenter in the scenario; absent for a host that no vCenter manages. */
  vCenter?: string;
  /** Host name. */
  host?: string;
  what: WorldEventKind;
  detail: Record<string, unknown>;
}

/** Append-only log of a world. */
export class EventLog {
  readonly #events: WorldEvent[] = [];
  readonly #listeners = new Set<(event: WorldEvent) => void>();

  constructor(private readonly clock: Clock) {}

  /** Appends one line, stamped with the world's clock. */
  add(
    what: WorldEventKind,
    where: { vCenter?: string | null | undefined; host?: string | undefined },
    detail: Record<string, unknown> = {},
  ): void {
    const event: WorldEvent = {
      seq: this.#events.length + 1,
      time: iso(this.clock.now()),
      ...(where.vCenter ? { vCenter: where.vCenter } : {}),
      ...(where.host ? { host: where.host } : {}),
      what,
      detail,
    };
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  /** All lines so far, oldest first. */
  all(): readonly WorldEvent[] {
    return this.#events;
  }

  /** Calls `listener` for every line to come; returns how to stop that. */
  subscribe(listener: (event: WorldEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
