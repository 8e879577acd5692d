/**
 * What can go wrong between us and a server, as three families because there are three remedies, and a fourth for an
 * answer that nobody can read. No message holds a header, a body or a secret: `operation` is the method and the path
 * (or the SOAP method) and nothing else.
 */

/** Why an outcome is not known. `answer-too-large` and `answer-broken` mean that an answer began to arrive. */
export type UnknownReason =
  'connection-lost' | 'deadline' | 'cancelled' | 'body-cut-short' | 'answer-too-large' | 'answer-broken' | 'task-gone';

/** The request may have been carried out; read the state before trying again. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown' as const;
  constructor(
    readonly operation: string,
    readonly reason: UnknownReason,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${operation}: outcome unknown (${reason}): ${detail}. Read the state before trying again.`, options);
  }
}

/** Why a request never got through. The `tls-*` reasons need a person; the others usually pass. */
export type NotSentReason =
  | 'refused'
  | 'dns'
  | 'unreachable'
  | 'connection-lost'
  | 'deadline'
  | 'cancelled'
  | 'tls-handshake'
  | 'tls-wrong-thumbprint'
  | 'tls-unknown-ca'
  | 'tls-host-name'
  | 'tls-validity';

/** We never got through: refused, DNS, TLS. Nothing happened at the server. */
export class NotSent extends Error {
  override readonly name = 'NotSent' as const;
  constructor(
    readonly operation: string,
    readonly reason: NotSentReason,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${operation}: not sent (${reason}): ${detail}`, options);
  }
}

/** What the server said, REST or SOAP. `errorType` is the REST `error_type` or the name of the SOAP fault. */
export interface Fault {
  /** HTTP status as it came; `undefined` for an error that arrived inside a task. */
  readonly status: number | undefined;
  /** `error_type` (`NOT_FOUND`) or SOAP fault name (`InvalidState`); `undefined` when the server named none. */
  readonly errorType: string | undefined;
  /** Messages for people, in the order in which they came; for SOAP the faultstring. */
  readonly messages: readonly string[];
  /** Stable keys of the messages (`com.vmware.…`), for those that have one. */
  readonly messageIds?: readonly string[] | undefined;
  /** The error's `data`, or the members of the SOAP fault, as they came. */
  readonly data?: unknown;
  /** The id by which the server's logs know the request (`x-vmware-op-id` or the like), when it gave one. */
  readonly requestId?: string | undefined;
}

/** The server answered, and said no. */
export class ApiFault extends Error implements Fault {
  override readonly name: 'ApiFault' | 'LoginRefused' = 'ApiFault';
  readonly status: number | undefined;
  readonly errorType: string | undefined;
  readonly messages: readonly string[];
  readonly messageIds: readonly string[];
  readonly data: unknown;
  readonly requestId: string | undefined;

  constructor(
    readonly operation: string,
    fault: Fault,
    options?: ErrorOptions,
  ) {
    const status = fault.status === undefined ? '' : ` (status ${fault.status})`;
    const said = fault.messages.length === 0 ? '' : `: ${fault.messages.join(' / ').slice(0, 1000)}`;
    super(`${operation}: ${fault.errorType ?? 'refused without an error type'}${status}${said}`, options);
    this.status = fault.status;
    this.errorType = fault.errorType;
    this.messages = fault.messages;
    this.messageIds = fault.messageIds ?? [];
    this.data = fault.data;
    this.requestId = fault.requestId;
  }
}

/**
 * User name or password are wrong, or the account is locked. Never tried again by itself: a few failed logins lock an
 * account of vCenter Single Sign-On or of ESXi.
 */
export class LoginRefused extends ApiFault {
  override readonly name = 'LoginRefused' as const;
}

/**
 * The server said yes, but with something that we cannot read. The request WAS carried out: only its result is unread.
 * `field` is the path of the offending value (`[2].health`), never the value itself, which may be a secret.
 */
export class AnswerNotUnderstood extends Error {
  override readonly name = 'AnswerNotUnderstood' as const;
  constructor(
    readonly operation: string,
    readonly field: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`${operation}: answer not understood: ${field === '' ? 'the answer' : field} ${problem}`, options);
  }
}

/** Every error that a client of this folder throws on purpose. */
export type VsphereError = OutcomeUnknown | NotSent | ApiFault | AnswerNotUnderstood;

/** True for the errors of this folder, false for bugs and everything else. */
export function isVsphereError(error: unknown): error is VsphereError {
  return (
    error instanceof OutcomeUnknown ||
    error instanceof NotSent ||
    error instanceof ApiFault ||
    error instanceof AnswerNotUnderstood
  );
}
