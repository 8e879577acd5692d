/** Error types of the REST API (std-errors of the vSphere Automation API). */
export type RestErrorType =
  | 'ERROR'
  | 'ALREADY_EXISTS'
  | 'ALREADY_IN_DESIRED_STATE'
  | 'CANCELED'
  | 'CONCURRENT_CHANGE'
  | 'FEATURE_IN_USE'
  | 'INTERNAL_SERVER_ERROR'
  | 'INVALID_ARGUMENT'
  | 'INVALID_ELEMENT_CONFIGURATION'
  | 'INVALID_ELEMENT_TYPE'
  | 'INVALID_REQUEST'
  | 'NOT_ALLOWED_IN_CURRENT_STATE'
  | 'NOT_FOUND'
  | 'OPERATION_NOT_FOUND'
  | 'RESOURCE_BUSY'
  | 'RESOURCE_IN_USE'
  | 'RESOURCE_INACCESSIBLE'
  | 'SERVICE_UNAVAILABLE'
  | 'TIMED_OUT'
  | 'UNABLE_TO_ALLOCATE_RESOURCE'
  | 'UNAUTHENTICATED'
  | 'UNAUTHORIZED'
  | 'UNEXPECTED_INPUT'
  | 'UNSUPPORTED'
  | 'UNVERIFIED_PEER';

/** Fault names of vim25, as the SOAP side writes them. */
type VimFaultName =
  | 'AlreadyBeingManaged'
  | 'AlreadyConnected'
  | 'AlreadyExists'
  | 'DuplicateName'
  | 'FileNotFound'
  | 'HostConfigFault'
  | 'HostConnectFault'
  | 'HostNotConnected'
  | 'HostNotReachable'
  | 'InvalidArgument'
  | 'InvalidLogin'
  | 'InvalidName'
  | 'InvalidPowerState'
  | 'InvalidProperty'
  | 'InvalidRequest'
  | 'InvalidState'
  | 'InvalidType'
  | 'ManagedObjectNotFound'
  | 'MethodNotFound'
  | 'NoHost'
  | 'NoPermission'
  | 'NotAuthenticated'
  | 'NotFound'
  | 'NotSupported'
  | 'RequestCanceled'
  | 'ResourceInUse'
  | 'RestrictedVersion'
  | 'SSLVerifyFault'
  | 'SystemError'
  | 'TaskInProgress'
  | 'Timedout'
  | 'TooManyConcurrentNativeClones';

export type FaultType = RestErrorType | VimFaultName;

/**
 * "No" in the words of the API that was asked. A rule that both APIs reach throws the name of the API that owns it
 * (maintenance mode: vim25); the other API translates with its own table.
 */
export class Fault extends Error {
  override readonly name = 'Fault';

  /**
   * @param type error type (REST) or fault name (vim25)
   * @param message one English sentence
   * @param options `id`: message id; `data`: the `data` member of a REST error; `fields`: members of a vim25 fault
   */
  constructor(
    readonly type: FaultType,
    message: string,
    readonly options: { id?: string; data?: unknown; fields?: Record<string, unknown> } = {},
  ) {
    super(message);
  }
}

/** A Fault for whatever was thrown; a bug of the simulator becomes INTERNAL_SERVER_ERROR with its stack. */
export function toFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  return new Fault(
    'INTERNAL_SERVER_ERROR',
    thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  );
}

/** A message as every API of vSphere carries it (com.vmware.vapi.std.LocalizableMessage). */
export interface LocalizableMessage {
  id: string;
  default_message: string;
  args: string[];
}

/** Builds a message whose id is in the simulator's own name space. */
export function message(id: string, text: string, ...args: string[]): LocalizableMessage {
  return { id: `com.vmware.simulator.${id}`, default_message: text, args };
}
