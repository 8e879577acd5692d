import { AnswerNotUnderstood, LoginRefused, NotSent, OutcomeUnknown, type ApiFault, type VsphereError } from './errors';

/**
 * What helps against an error. The table is about one request; what the step around it makes of "refused" or "gone" is
 * for the caller to say, after it has read the state.
 * - `retry-soon`: somebody else is at it for a moment;
 * - `retry-later`: the server, a host or a service is away or in another state; it may take minutes;
 * - `already-done`: the state that was asked for holds, or an object of that name is there: read it and compare;
 * - `gone`: there is no such object;
 * - `refused`: the same request will be refused again; somebody has to change something;
 * - `reauthenticate`: the session is not (or no longer) accepted;
 * - `outcome-unknown`: it may or may not have been carried out; read the state first.
 */
export type Remedy =
  'retry-soon' | 'retry-later' | 'already-done' | 'gone' | 'refused' | 'reauthenticate' | 'outcome-unknown';

/**
 * By `error_type` (REST, `contract/std-errors.json`) and by name of the SOAP fault (vim25). The two vocabularies do not
 * overlap. HTTP statuses are no key: RESOURCE_BUSY arrives as 500 or 400, ALREADY_EXISTS as 400.
 */
export const BY_ERROR_TYPE: Readonly<Record<string, Remedy>> = {
  ALREADY_EXISTS: 'already-done',
  ALREADY_IN_DESIRED_STATE: 'already-done',
  CANCELED: 'outcome-unknown',
  CONCURRENT_CHANGE: 'retry-soon',
  ERROR: 'retry-later',
  FEATURE_IN_USE: 'retry-later',
  INTERNAL_SERVER_ERROR: 'retry-later',
  INVALID_ARGUMENT: 'refused',
  INVALID_ELEMENT_CONFIGURATION: 'refused',
  INVALID_ELEMENT_TYPE: 'refused',
  INVALID_REQUEST: 'refused',
  // Another operation is running, or the state is past this step: the caller reads the state before it tries again.
  NOT_ALLOWED_IN_CURRENT_STATE: 'retry-later',
  NOT_FOUND: 'gone',
  // While an appliance starts, services register one by one; until then their operations do not exist.
  OPERATION_NOT_FOUND: 'retry-later',
  RESOURCE_BUSY: 'retry-soon',
  RESOURCE_INACCESSIBLE: 'retry-later',
  RESOURCE_IN_USE: 'refused',
  SERVICE_UNAVAILABLE: 'retry-later',
  TIMED_OUT: 'outcome-unknown',
  // A limit was hit: more than 2500 hosts in a list, no host with the licence.
  UNABLE_TO_ALLOCATE_RESOURCE: 'refused',
  UNAUTHENTICATED: 'reauthenticate',
  UNAUTHORIZED: 'refused',
  UNEXPECTED_INPUT: 'refused',
  UNSUPPORTED: 'refused',
  UNVERIFIED_PEER: 'refused',

  // vim25
  NotAuthenticated: 'reauthenticate',
  InvalidLogin: 'refused',
  NoPermission: 'refused',
  InvalidLocale: 'refused',
  ManagedObjectNotFound: 'gone',
  NotFound: 'gone',
  AlreadyConnected: 'already-done',
  AlreadyExists: 'already-done',
  DuplicateName: 'already-done',
  // Another vCenter manages the host.
  AlreadyBeingManaged: 'refused',
  ConcurrentAccess: 'retry-soon',
  TaskInProgress: 'retry-soon',
  ResourceInUse: 'retry-later',
  // Like NOT_ALLOWED_IN_CURRENT_STATE.
  InvalidState: 'retry-later',
  InvalidPowerState: 'retry-later',
  DisallowedOperationOnFailoverHost: 'refused',
  HostNotConnected: 'retry-later',
  HostNotReachable: 'retry-later',
  HostCommunication: 'retry-later',
  HostConnectFault: 'retry-later',
  HostConfigFault: 'retry-later',
  NoHost: 'retry-later',
  SystemError: 'retry-later',
  RuntimeFault: 'retry-later',
  Timedout: 'outcome-unknown',
  RequestCanceled: 'outcome-unknown',
  SSLVerifyFault: 'refused',
  AgentInstallFailed: 'refused',
  NotEnoughLicenses: 'refused',
  NotSupported: 'refused',
  NotSupportedHost: 'refused',
  NotImplemented: 'refused',
  MethodNotFound: 'refused',
  InvalidArgument: 'refused',
  InvalidProperty: 'refused',
  InvalidRequest: 'refused',
  InvalidType: 'refused',
  InvalidName: 'refused',
  InvalidCollectorVersion: 'retry-soon',
  DasConfigFault: 'refused',
};

/** The remedy for an error of a client. Total: an error that nobody has named yet gets the careful answer. */
export function remedyOf(error: VsphereError): Remedy {
  if (error instanceof OutcomeUnknown) return 'outcome-unknown';
  if (error instanceof NotSent) return CERTIFICATE_REASONS.has(error.reason) ? 'refused' : 'retry-later';
  // It was carried out; asking the same again would give the same answer that we cannot read.
  if (error instanceof AnswerNotUnderstood || error instanceof LoginRefused) return 'refused';
  if (error.errorType !== undefined && Object.hasOwn(BY_ERROR_TYPE, error.errorType)) {
    return BY_ERROR_TYPE[error.errorType] ?? byStatus(error);
  }
  return byStatus(error);
}

const CERTIFICATE_REASONS: ReadonlySet<string> = new Set([
  'tls-wrong-thumbprint',
  'tls-unknown-ca',
  'tls-host-name',
  'tls-validity',
]);

/** For answers without a type, or with one that we do not know. */
function byStatus({ status, messages }: ApiFault): Remedy {
  // Inside a task: it ended without naming a reason that we know.
  if (status === undefined) return 'retry-later';
  if (status === 401) return 'reauthenticate';
  // A 404 that brings no vAPI message comes from the proxy in front of a service that is not up yet.
  if (status === 404) return messages.length > 0 ? 'gone' : 'retry-later';
  if (status === 408 || status === 429 || status >= 500) return 'retry-later';
  return 'refused';
}
