import { type Connection, isGrpcServiceError, ServiceError, type WorkflowClientInterceptor } from '@temporalio/client';

const DEADLINE_MS = 10_000;
const MOST_TRIES = 4;
const DEADLINE_EXCEEDED = 4;

/** Asks with a deadline, as the CLI does, and again: a run that continues as new at that moment may never answer. */
export function asksAgain(connection: Connection): WorkflowClientInterceptor {
  return {
    async query(input, next) {
      for (let tries = 1; ; tries++) {
        try {
          return await connection.withDeadline(Date.now() + DEADLINE_MS, () => next(input));
        } catch (error) {
          if (tries === MOST_TRIES || !isLate(error)) throw error;
        }
      }
    },
  };
}

function isLate(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  const { cause } = error;
  return isGrpcServiceError(cause) && cause.code === DEADLINE_EXCEEDED;
}
