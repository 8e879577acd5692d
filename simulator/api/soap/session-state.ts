import { createHash } from 'node:crypto';

import type { Session } from '../../world/sessions';
import type { HistoryCollector } from './history-collector';
import { Pages } from './property-collector/pages';
import { UpdateCollector } from './property-collector/update-collector';
import type { DataObject, MoRef } from './vim25/values';

/** A container view: which entities below `container` it shows. */
export interface ContainerView {
  readonly ref: MoRef;
  readonly container: MoRef;
  readonly types: readonly string[];
  readonly recursive: boolean;
}

/** What the server keeps for one session: it ends with it. */
export class SessionState {
  readonly pages = new Pages();
  readonly views = new Map<string, ContainerView>();
  /** By id; every session has one from the start. */
  readonly collectors: Map<string, UpdateCollector>;
  readonly histories = new Map<string, HistoryCollector>();
  /** Names of collectors whose wait somebody cancelled. */
  readonly cancelledWaits = new Set<string>();
  #made = 0;

  constructor(
    readonly session: Session,
    readonly userAgent: string,
    readonly defaultCollector: string,
  ) {
    this.collectors = new Map([[defaultCollector, new UpdateCollector()]]);
  }

  /** The session's public key: unlike the token it may be shown and logged. */
  get key(): string {
    const hex = createHash('sha256').update(this.session.token).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  }

  /** A fresh id for an object of this session, as recorded: `session[KEY]KEY`. */
  newId(): string {
    this.#made += 1;
    return `session[${this.key}]${this.key.slice(0, 24)}${String(this.#made).padStart(12, '0')}`;
  }

  /** UserSession. */
  describe(): DataObject {
    const { user, createdAt, lastAccessedAt } = this.session;
    return {
      key: this.key,
      userName: user,
      fullName: user,
      loginTime: new Date(createdAt),
      lastActiveTime: new Date(lastAccessedAt),
      locale: 'en',
      messageLocale: 'en',
      extensionSession: false,
      ipAddress: '127.0.0.1',
      userAgent: this.userAgent,
      callCount: 0,
    };
  }
}

/** The state of a request without a session: it sees what is public and keeps nothing. */
export function anonymousState(kind: Session['kind'], endpoint: string, defaultCollector: string): SessionState {
  const session: Session = {
    token: '',
    kind,
    endpoint,
    user: '',
    privileges: [],
    applianceRole: 'none',
    createdAt: 0,
    lastAccessedAt: 0,
  };
  return new SessionState(session, '', defaultCollector);
}

export function isAnonymous({ session }: SessionState): boolean {
  return session.token === '';
}
