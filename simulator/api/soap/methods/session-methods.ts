import type { MethodTable } from '../site';

/** ServiceInstance and SessionManager. Login is the endpoint's: it makes the session and its cookie. */
export const SESSION_METHODS: MethodTable = {
  RetrieveServiceContent: ({ site }) => site.content(),

  CurrentTime: ({ site }) => new Date(site.world.clock.now()),

  Logout: ({ site, state }) => {
    site.world.sessions.close(state.session.token);
    site.logSession('logout', { user: state.session.user, api: 'soap' });
    return undefined;
  },

  SessionIsActive: ({ state, parameters }) =>
    parameters['sessionID'] === state.key && parameters['userName'] === state.session.user,
};
