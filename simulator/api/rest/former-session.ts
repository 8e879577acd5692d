import type { HttpReply } from '../http';
import { isObject } from './check-value';

const FORMER = '/rest/com/vmware/cis/session';

/**
 * The path of a request as `/api` has it. Of the former `/rest` only the session is answered (documented: deprecated
 * since 7.0 Update 2, still there in 8.0): clients such as Ansible's `vmware.vmware_rest` log in there and go on with
 * `/api`, where the token is as good.
 */
export function presentPath(path: string): string {
  return path === FORMER ? '/api/session' : path;
}

/** A reply as `/rest` writes it: always 200 with the result as `value`, an error with its class as `type` (documented). */
export function formerReply(path: string, reply: HttpReply): HttpReply {
  if (path !== FORMER || reply.deliver !== undefined) return reply;
  const body: unknown = reply.body.length === 0 ? undefined : JSON.parse(reply.body.toString());
  if (reply.status < 400)
    return { ...reply, status: 200, body: JSON.stringify(body === undefined ? {} : { value: body }) };
  if (!isObject(body)) return reply;
  const type = `com.vmware.vapi.std.errors.${String(body['error_type']).toLowerCase()}`;
  return { ...reply, body: JSON.stringify({ type, value: { messages: body['messages'] } }) };
}
