import { Fault } from '../../world/fault';
import { SoapFault } from './vim25/faults';
import { dataType, isFaultType } from './vim25/type-table';
import { MoRef, type DataObject, type VimValue } from './vim25/values';

/** Error types of the REST API that a rule of the world may throw, in vim25's words. */
const FROM_REST: Readonly<Record<string, string>> = {
  ALREADY_EXISTS: 'AlreadyExists',
  CANCELED: 'RequestCanceled',
  INVALID_ARGUMENT: 'InvalidArgument',
  NOT_ALLOWED_IN_CURRENT_STATE: 'InvalidState',
  NOT_FOUND: 'NotFound',
  RESOURCE_BUSY: 'TaskInProgress',
  RESOURCE_IN_USE: 'ResourceInUse',
  RESOURCE_INACCESSIBLE: 'HostNotReachable',
  TIMED_OUT: 'Timedout',
  UNAUTHENTICATED: 'InvalidLogin',
  UNAUTHORIZED: 'NoPermission',
  UNSUPPORTED: 'NotSupported',
};

/**
 * The SOAP fault for whatever ended a request or a task; what vim25 has no type for is a SystemError.
 * @param task the task at hand, for a fault that has to name one (TaskInProgress)
 */
export function toSoapFault(thrown: unknown, task = NO_TASK): SoapFault {
  if (thrown instanceof SoapFault) return thrown;
  if (!(thrown instanceof Fault)) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return systemError(`The simulator failed: ${text}`);
  }
  const type = FROM_REST[thrown.type] ?? thrown.type;
  if (!isFaultType(type)) return systemError(thrown.message);
  const members = membersOf(type, { ...(type === 'TaskInProgress' ? { task } : {}), ...thrown.options.fields });
  return members ? new SoapFault({ ...members, $type: type }, thrown.message) : systemError(thrown.message);
}

/** Members as the type declares them; undefined when a required one is not known (a fault injected by name only). */
function membersOf(type: string, given: Readonly<Record<string, unknown>>): DataObject | undefined {
  const members: Record<string, VimValue> = {};
  for (const field of dataType(type)?.fields ?? []) {
    const value = given[field.name] ?? (field.optional ? undefined : DEFAULTS[field.type.name]);
    if (value === undefined && !field.optional && !field.type.isArray) return undefined;
    if (value !== undefined)
      members[field.name] = isReference(value) ? new MoRef(value.type, value.value) : (value as VimValue);
  }
  return members;
}

// A rule knows that something is under way, not always under which id.
const NO_TASK = new MoRef('Task', 'task-0');

const DEFAULTS: Readonly<Record<string, VimValue>> = { string: '', boolean: false, int: 0, PropertyPath: '' };

/** How the world writes a managed object reference: it does not know the wire's class. */
function isReference(value: unknown): value is { type: string; value: string } {
  return typeof value === 'object' && value !== null && 'type' in value && 'value' in value;
}

function systemError(message: string): SoapFault {
  return new SoapFault({ $type: 'SystemError', reason: message }, message);
}
