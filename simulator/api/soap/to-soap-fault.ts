import { Fault } from '../../world/fault';
import { SoapFault } from './vim25/faults';
import { dataType, isFaultType, type FieldType } from './vim25/type-table';
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

/** References for faults that must name an object: a rule of the world does not always know it. */
export interface KnownReferences {
  /** The object that was called, or that the task works on. */
  readonly object?: MoRef;
  readonly task?: MoRef;
}

/** The SOAP fault for whatever ended a request or a task; what vim25 has no type for is a SystemError. */
export function toSoapFault(thrown: unknown, known: KnownReferences = {}): SoapFault {
  if (thrown instanceof SoapFault) return thrown;
  if (!(thrown instanceof Fault)) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return systemError(`The simulator failed: ${text}`);
  }
  const type = FROM_REST[thrown.type] ?? thrown.type;
  const members = isFaultType(type) ? membersOf(type, thrown.options.fields ?? {}, known) : undefined;
  return members ? new SoapFault({ ...members, $type: type }, thrown.message) : systemError(thrown.message);
}

/** Members as the type declares them; undefined when a required one is not known (a fault injected by name only). */
function membersOf(
  type: string,
  given: Readonly<Record<string, unknown>>,
  known: KnownReferences,
): DataObject | undefined {
  const members: Record<string, VimValue> = {};
  for (const field of dataType(type)?.fields ?? []) {
    const value = given[field.name] ?? (field.optional ? undefined : defaultOf(field.type, known));
    if (value === undefined && !field.optional && !field.type.isArray) return undefined;
    if (value === undefined) continue;
    members[field.name] = isReference(value) ? new MoRef(value.type, value.value) : (value as VimValue);
  }
  return members;
}

function defaultOf({ name, isReference: wanted }: FieldType, known: KnownReferences): VimValue | undefined {
  if (!wanted) return DEFAULTS[name];
  return name === 'Task' ? (known.task ?? NO_TASK) : known.object;
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
