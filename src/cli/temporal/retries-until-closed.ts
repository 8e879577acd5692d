import { type ConnectionOptions, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type Call = ReturnType<Parameters<Interceptor>[1]>;

/** A call whose answer nobody waits for any more. */
const NO_CALL: Call = {
  cancelWithStatus: () => undefined,
  getPeer: () => '',
  start: () => undefined,
  sendMessageWithContext: () => undefined,
  sendMessage: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  getAuthContext: () => null,
};

/**
 * The SDK's own retries, until the connection is closed: its timers outlive the connection, and a retry on a closed one
 * throws where nobody can catch it (a server that is away, and Ctrl-C).
 * @param isClosed asked before each try
 */
export function retriesUntilClosed(isClosed: () => boolean): Interceptor {
  const retrying = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  return (options, nextCall) => retrying(options, (again) => (isClosed() ? NO_CALL : nextCall(again)));
}
