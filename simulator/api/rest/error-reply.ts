import type { Fault, FaultType, LocalizableMessage, RestErrorType } from '../../world/fault';
import { jsonReply, type HttpReply } from '../http';

/**
 * HTTP status of each error type. documented: published API exports of 7.0.3 and 8.0.2 name one status a type;
 * guessed: CANCELED, INVALID_ELEMENT_CONFIGURATION, INVALID_ELEMENT_TYPE, OPERATION_NOT_FOUND, UNEXPECTED_INPUT.
 */
const STATUS: Record<RestErrorType, number> = {
  ALREADY_EXISTS: 400,
  ALREADY_IN_DESIRED_STATE: 400,
  CANCELED: 500,
  CONCURRENT_CHANGE: 409,
  ERROR: 500,
  FEATURE_IN_USE: 400,
  INTERNAL_SERVER_ERROR: 500,
  INVALID_ARGUMENT: 400,
  INVALID_ELEMENT_CONFIGURATION: 400,
  INVALID_ELEMENT_TYPE: 400,
  INVALID_REQUEST: 400,
  NOT_ALLOWED_IN_CURRENT_STATE: 400,
  NOT_FOUND: 404,
  OPERATION_NOT_FOUND: 404,
  RESOURCE_BUSY: 500,
  RESOURCE_IN_USE: 400,
  RESOURCE_INACCESSIBLE: 500,
  SERVICE_UNAVAILABLE: 503,
  TIMED_OUT: 500,
  UNABLE_TO_ALLOCATE_RESOURCE: 500,
  UNAUTHENTICATED: 401,
  UNAUTHORIZED: 403,
  UNEXPECTED_INPUT: 400,
  UNSUPPORTED: 400,
  UNVERIFIED_PEER: 400,
};

/** Rules that vim25 owns speak its fault names; over REST they become these. The rest is ERROR. */
const FROM_VIM: Partial<Record<FaultType, RestErrorType>> = {
  AlreadyExists: 'ALREADY_EXISTS',
  DuplicateName: 'ALREADY_EXISTS',
  HostNotConnected: 'RESOURCE_INACCESSIBLE',
  HostNotReachable: 'RESOURCE_INACCESSIBLE',
  InvalidArgument: 'INVALID_ARGUMENT',
  InvalidState: 'NOT_ALLOWED_IN_CURRENT_STATE',
  NoHost: 'RESOURCE_INACCESSIBLE',
  NoPermission: 'UNAUTHORIZED',
  NotAuthenticated: 'UNAUTHENTICATED',
  NotFound: 'NOT_FOUND',
  NotSupported: 'UNSUPPORTED',
  ResourceInUse: 'RESOURCE_IN_USE',
  SSLVerifyFault: 'UNVERIFIED_PEER',
  TaskInProgress: 'RESOURCE_BUSY',
  Timedout: 'TIMED_OUT',
};

/** The error object of /api, as a reply's body and as `error` of a task. */
export interface RestError {
  error_type: RestErrorType;
  messages: LocalizableMessage[];
  data?: unknown;
  challenge?: string;
}

/** A fault in the words of /api. */
export function restError(fault: Fault): RestError {
  const type = isRestType(fault.type) ? fault.type : (FROM_VIM[fault.type] ?? 'ERROR');
  return {
    error_type: type,
    messages: [
      {
        id: fault.options.id ?? `com.vmware.vapi.std.errors.${type.toLowerCase()}`,
        default_message: fault.message,
        args: [],
      },
    ],
    ...(fault.options.data === undefined ? {} : { data: fault.options.data }),
    ...(type === 'UNAUTHENTICATED' ? { challenge: 'Basic realm="VAPI endpoint",SIGN realm="simulator"' } : {}),
  };
}

/** The reply that reports a fault. */
export function errorReply(fault: Fault): HttpReply {
  const error = restError(fault);
  return jsonReply(
    STATUS[error.error_type],
    error,
    error.challenge === undefined ? {} : { 'www-authenticate': error.challenge },
  );
}

function isRestType(type: FaultType): type is RestErrorType {
  return type in STATUS;
}
