import { isAnonymous, type SessionState } from './session-state';
import { soapFault, type SoapFault } from './vim25/faults';
import type { MoRef } from './vim25/values';

/** The privileges that every session has on every object: any role holds them (documented). */
const ALWAYS = new Set(['System.Anonymous', 'System.View', 'System.Read']);

/** Objects that can be asked without a session (documented for the service content; guessed for the others). */
const PUBLIC_OBJECTS = new Set(['ServiceInstance', 'SessionManager', 'PropertyCollector']);

/**
 * The one place where a privilege is asked for. An account has its privileges on the whole inventory: roles on single
 * objects are not simulated.
 * @returns the fault that says no, or undefined
 */
export function denied(state: SessionState, privilege: string | undefined, object: MoRef): SoapFault | undefined {
  if (isAnonymous(state)) {
    const open = privilege === 'System.Anonymous' && PUBLIC_OBJECTS.has(object.type);
    return open ? undefined : notAuthenticated(object, privilege);
  }
  if (privilege === undefined || ALWAYS.has(privilege)) return undefined;
  const { privileges } = state.session;
  if (privileges === 'all' || privileges.includes(privilege)) return undefined;
  return soapFault('NoPermission', `Permission to perform this operation was denied: ${privilege}.`, {
    object,
    privilegeId: privilege,
  });
}

/** May this session read an object's properties? */
export function readDenied(state: SessionState, object: MoRef): SoapFault | undefined {
  return denied(state, PUBLIC_OBJECTS.has(object.type) ? 'System.Anonymous' : 'System.Read', object);
}

function notAuthenticated(object: MoRef, privilegeId = 'System.View'): SoapFault {
  return soapFault('NotAuthenticated', 'The session is not authenticated.', { object, privilegeId });
}
