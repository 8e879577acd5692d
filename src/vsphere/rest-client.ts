import { id, type Decoder } from './decode';
import { readAnswer } from './rest-answer';
import { withQuery } from './rest-path';
import type { RestSession } from './rest-session';
import type { CallOptions, HttpRequest } from './transport';

/** The id of a CIS task, as `GET /api/cis/tasks/{task}` takes it (`uuid:service`). */
export type TaskId = string;

/** A task that was started, and how to read its result. `id` is all that must be remembered to look at it later. */
export interface Task<T> {
  readonly id: TaskId;
  /** The request that started it, for messages. */
  readonly operation: string;
  readonly result: Decoder<T>;
}

/** One REST request before its session: what differs between operations. */
export interface RestRequest {
  readonly method: HttpRequest['method'];
  /** From `/api/…` on, built with `path` and `withQuery`. */
  readonly path: string;
  /** The JSON body; leave it out for none. */
  readonly body?: unknown;
  /** For queries that are POSTs. Default: only GET is repeatable. */
  readonly repeatable?: boolean;
}

/** JSON over a session: the ground on which the clients of the single APIs stand. */
export class RestClient {
  constructor(private readonly session: RestSession) {}

  /**
   * Sends a request and decodes its answer.
   * @throws the errors of `RestSession.request`, and AnswerNotUnderstood
   */
  async call<T>(request: RestRequest, decode: Decoder<T>, options?: CallOptions): Promise<T> {
    const operation = nameOf(request);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const response = await this.session.request(
      {
        method: request.method,
        path: request.path,
        operation,
        repeatable: request.repeatable,
        ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
      },
      options,
    );
    return readAnswer(operation, response, decode);
  }

  /** `GET`, which may be repeated. */
  get<T>(path: string, decode: Decoder<T>, options?: CallOptions): Promise<T> {
    return this.call({ method: 'GET', path }, decode, options);
  }

  /**
   * Starts an operation that the API offers only as a task (or that takes long), with `vmw-task=true`: the answer is
   * 202 and the id of the task. Many vTA reads are of this kind. Whether an error shows now or inside the task is not
   * documented: callers meet both as `ApiFault`.
   */
  async start<T>(request: RestRequest, result: Decoder<T>, options?: CallOptions): Promise<Task<T>> {
    const asTask = { ...request, path: withQuery(request.path, { 'vmw-task': 'true' }) };
    return { id: await this.call(asTask, id, options), operation: nameOf(request), result };
  }
}

/** Method and path; of the query only the action, since filters may hold names that nobody needs in a log. */
function nameOf(request: RestRequest): string {
  const [path = '', query = ''] = request.path.split('?');
  const action = new URLSearchParams(query).get('action');
  return `${request.method} ${path}${action === null ? '' : `?action=${action}`}`;
}
