import { randomBytes } from 'node:crypto';

import type { Clock } from './clock';
import { Fault } from './fault';
import type { ApplianceRole, Privileges } from './privileges';
import type { User } from './state';

/** A session of one endpoint. A token is good only where and for what it was made. */
export interface Session {
  token: string;
  kind: 'rest' | 'soap' | 'esxi';
  /** Id of the vCenter, or name of the ESXi host. */
  endpoint: string;
  user: string;
  privileges: Privileges;
  applianceRole: ApplianceRole;
  createdAt: number;
  lastAccessedAt: number;
}

/** All open sessions of a world. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  /** @param idleTimeout milliseconds without a request after which a session ends */
  constructor(
    private readonly clock: Clock,
    private readonly idleTimeout: () => number,
  ) {}

  /** Opens a session for an account whose password was checked before. */
  open(kind: Session['kind'], endpoint: string, user: Pick<User, 'name' | 'privileges' | 'applianceRole'>): Session {
    const now = this.clock.now();
    const token = randomBytes(16).toString('hex');
    const session: Session = {
      token,
      kind,
      endpoint,
      user: user.name,
      privileges: user.privileges,
      applianceRole: user.applianceRole,
      createdAt: now,
      lastAccessedAt: now,
    };
    this.#sessions.set(token, session);
    return session;
  }

  /** The session of a token, with its last access moved to now; null: unknown, ended or of another endpoint. */
  touch(kind: Session['kind'], endpoint: string, token: string): Session | null {
    const session = this.#sessions.get(token);
    if (!session || session.kind !== kind || session.endpoint !== endpoint) return null;
    const now = this.clock.now();
    if (now - session.lastAccessedAt > this.idleTimeout()) {
      this.#sessions.delete(token);
      return null;
    }
    session.lastAccessedAt = now;
    return session;
  }

  close(token: string): void {
    this.#sessions.delete(token);
  }

  /** Ends every session of an endpoint: its appliance or host restarts. */
  closeAll(endpoint: string): void {
    for (const session of this.#sessions.values()) {
      if (session.endpoint === endpoint) this.#sessions.delete(session.token);
    }
  }

  count(endpoint: string): number {
    return [...this.#sessions.values()].filter((session) => session.endpoint === endpoint).length;
  }
}

/** Checks name and password of an account. Which of the two was wrong is not told. */
export function authenticate(users: readonly User[], name: string, password: string): User {
  const user = users.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (!user || user.password !== password) throw new Fault('UNAUTHENTICATED', 'Authentication required.');
  return user;
}
