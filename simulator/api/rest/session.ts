import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import { authenticate, type Session } from '../../world/sessions';
import type { VCenter } from '../../world/state';
import type { World } from '../../world/world';
import { basicCredentials, type HttpRequest } from '../http';
import { route, type RestRoute } from './route';

/**
 * POST /api/session: user and password in, token out (documented: 201 and a JSON string).
 * @throws Fault UNAUTHENTICATED; which of the two was wrong is withheld
 */
export function createSession(world: World, vCenter: VCenter, request: HttpRequest): Session {
  const credentials = basicCredentials(request.headers);
  if (!credentials) throw new Fault('UNAUTHENTICATED', 'Authentication required.');
  try {
    const user = authenticate(vCenter.users, credentials.user, credentials.password);
    const session = world.sessions.open('rest', vCenter.id, user);
    world.events.add('login', { vCenter: vCenter.id }, { user: user.name, api: 'rest' });
    return session;
  } catch (thrown) {
    world.events.add('login-failed', { vCenter: vCenter.id }, { user: credentials.user, api: 'rest' });
    throw thrown;
  }
}

/** /api/session. `create` is in the table for its path; the router answers it, for it has no session yet. */
export const sessionRoutes: readonly RestRoute[] = [
  route('com.vmware.cis.session.create', () => undefined),
  route('com.vmware.cis.session.get', ({ session }) => ({
    user: session.user,
    created_time: iso(session.createdAt),
    last_accessed_time: iso(session.lastAccessedAt),
  })),
  route('com.vmware.cis.session.delete', ({ world, session, vCenter }) => {
    world.sessions.close(session.token);
    world.events.add('logout', { vCenter: vCenter.id }, { user: session.user, api: 'rest' });
  }),
];
