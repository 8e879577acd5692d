/** The command was interrupted (Ctrl-C, SIGTERM): not a failure, and nobody needs a stack of it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  /** @param message what a person is told */
  constructor(message = 'Interrupted.') {
    super(message);
  }
}

/**
 * The result of some work, unless the signal is aborted before: then the work is left alone, whatever becomes of it.
 * @throws Interrupted
 */
export async function unlessInterrupted<T>(interrupted: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const interruption = new Promise<never>((_, reject) => {
    const interrupt = () => reject(new Interrupted());
    if (interrupted.aborted) interrupt();
    else interrupted.addEventListener('abort', interrupt, { once: true, signal: ended.signal });
  });
  work.catch(() => undefined); // it may fail later, when nobody waits for it any more
  try {
    return await Promise.race([work, interruption]);
  } finally {
    ended.abort();
  }
}
