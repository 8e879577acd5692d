import { denied, neededPrivilege, readDenied } from './authorize';
import type { Call } from './envelope';
import type { ManagedObject } from './managed-object';
import { objectNotFound } from './property-collector/traverse';
import { readPath } from './property-collector/read-path';
import { findObject } from './session-objects';
import type { SessionState } from './session-state';
import type { Site, VimCall } from './site';
import { decodeFields } from './vim25/decode';
import { soapFault } from './vim25/faults';
import { fieldType, findMethod, managedType, type FieldType, type Method } from './vim25/type-table';
import { textOf, type VimValue } from './vim25/values';

/** What a method returned, with the type that says how to write it. */
export interface Answer {
  readonly type: FieldType;
  readonly value: VimValue | undefined;
}

/**
 * pyvmomi reads every plain attribute (`host.summary`) by this method, which the WSDL does not have
 * (`contract/vim25-soap.md` §4).
 */
const FETCH: Method = {
  object: 'ManagedObject',
  name: 'Fetch',
  result: fieldType('anyType'),
  privilege: undefined,
  parameters: [{ name: 'prop', type: fieldType('string'), optional: false }],
};

/** The method that a call names. @throws SoapFault MethodNotFound */
export function methodOf({ method, target }: Call): Method {
  const found = method === 'Fetch' ? FETCH : findMethod(target.type, method);
  if (found && managedType(target.type)) return found;
  throw soapFault('MethodNotFound', `${target} does not implement: ${method}`, { receiver: target, method });
}

/**
 * Answers a call: session and privilege, object, parameters, then the handler. Who is not logged in does not learn
 * which objects there are.
 * @throws SoapFault NotAuthenticated, NoPermission, ManagedObjectNotFound, InvalidRequest, and what the handler throws
 */
export async function answerCall(site: Site, state: SessionState, method: Method, call: Call): Promise<Answer> {
  const { target } = call;
  const no = method === FETCH ? readDenied(state, target) : denied(state, neededPrivilege(method), target);
  if (no) throw no;
  const find: VimCall['find'] = (ref) => findObject(site, state, ref);
  const object = find(target);
  if (!object) throw objectNotFound(target);
  const parameters = decodeFields(method.name, method.parameters, call.parameters);
  if (method === FETCH) return fetchProperty(object, textOf(parameters, 'prop'));
  const handler = site.methods[method.name];
  if (!handler) throw soapFault('NotSupported', `${method.name} is not supported by ${site.endpoint}.`);
  return { type: method.result, value: await handler({ site, method, target, parameters, state, find }) };
}

/** One property by its name; a path with dots is none. */
function fetchProperty(object: ManagedObject, name: string): Answer {
  if (name.includes('.')) throw soapFault('InvalidProperty', `The property ${name} is not valid.`, { name });
  return readPath(object, name);
}
