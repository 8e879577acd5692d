import { holds } from '../../world/privileges';
import { isAnonymous, type SessionState } from './session-state';
import { soapFault, type SoapFault } from './vim25/faults';
import { allMethods } from './vim25/type-table';
import type { MoRef } from './vim25/values';

/** Objects that can be asked without a session (documented for the service content; guessed for the others). */
const PUBLIC_OBJECTS = new Set(['ServiceInstance', 'SessionManager', 'PropertyCollector']);

/**
 * Privileges of methods for which the schema names none, because they depend on the object.
 * documented: Destroy_Task of a host of a cluster (vSphere API reference, ManagedEntity).
 */
const NOT_IN_SCHEMA: Readonly<Record<string, string>> = { Destroy_Task: 'Host.Inventory.RemoveHostFromCluster' };

/** Cancelling one's own task needs nothing (documented: TaskManager; for others Global.CancelTask). */
const CANCEL_OTHERS = 'Global.CancelTask';

/** What the user of a method must hold; undefined: nothing but a session. */
export function neededPrivilege(method: { name: string; privilege: string | undefined }): string | undefined {
  return NOT_IN_SCHEMA[method.name] ?? method.privilege;
}

/** Every privilege that some method asks for. */
export function everySoapPrivilege(): string[] {
  return [CANCEL_OTHERS, ...allMethods().flatMap((method) => neededPrivilege(method) ?? [])];
}

/** May this session cancel a task? */
export function cancelDenied(state: SessionState, task: { user: string }, object: MoRef): SoapFault | undefined {
  return task.user === state.session.user ? undefined : denied(state, CANCEL_OTHERS, object);
}

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
  if (privilege === undefined || holds(state.session.privileges, privilege)) return undefined;
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
