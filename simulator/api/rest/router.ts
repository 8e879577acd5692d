import { Fault, toFault } from '../../world/fault';
import type { VCenter } from '../../world/state';
import type { World } from '../../world/world';
import { jsonReply, type HttpHandler, type HttpReply, type HttpRequest } from '../http';
import type { LoggedTask, RequestLog } from '../request-log';
import { deliverUnder, hangingReply, takeRequestFault } from '../request-faults';
import { checkAuthorized } from './authorize';
import { checkValue, isObject } from './check-value';
import { errorReply } from './error-reply';
import { formerReply, presentPath } from './former-session';
import { RouteTable, type RouteMatch } from './match-route';
import { readBody, readQuery } from './read-input';
import type { RestCall, RestRoute, TaskReply } from './route';
import { createSession } from './session';

/** The REST endpoint (/api) of one vCenter. */
export function restHandler(
  world: World,
  vCenterId: string,
  routes: readonly RestRoute[],
  log: RequestLog,
): HttpHandler {
  const table = new RouteTable(routes);
  const vCenter = world.vCenter(vCenterId);
  return async (request) => {
    const startedAt = world.clock.now();
    const outcome = await answer(world, vCenter, table, request);
    log.add({
      startedAt,
      request,
      endpoint: vCenter.id,
      operation: outcome.operation,
      status: outcome.reply.status,
      error: outcome.error,
      user: outcome.user,
      fault: outcome.fault,
      ...(outcome.task ? { task: outcome.task } : {}),
    });
    return formerReply(request.path, outcome.reply);
  };
}

interface Outcome {
  reply: HttpReply;
  operation: string | null;
  error: string | null;
  user: string | null;
  fault: string | null;
  task: LoggedTask | null;
}

async function answer(world: World, vCenter: VCenter, table: RouteTable, request: HttpRequest): Promise<Outcome> {
  const outcome: Outcome = {
    reply: jsonReply(200, null),
    operation: null,
    error: null,
    user: null,
    fault: null,
    task: null,
  };
  try {
    if (vCenter.availability !== 'up') {
      throw new Fault('SERVICE_UNAVAILABLE', 'The services of this appliance are starting.');
    }
    const match = table.match(request.method, presentPath(request.path), request.query);
    if (!match) throw new Fault('OPERATION_NOT_FOUND', `No operation for ${request.method} ${request.path}.`);
    outcome.operation = match.route.operation.key;
    outcome.reply = await answerMatch(world, vCenter, match, request, outcome);
  } catch (thrown) {
    outcome.reply = errorReply(toFault(thrown));
  }
  if (outcome.reply.status >= 400) outcome.error = errorTypeOf(outcome.reply);
  return outcome;
}

async function answerMatch(
  world: World,
  vCenter: VCenter,
  match: RouteMatch,
  request: HttpRequest,
  outcome: Outcome,
): Promise<HttpReply> {
  const { operation } = match.route;
  const token = headerOf(request, 'vmware-api-session-id');
  const rule = takeRequestFault(world, {
    operation: operation.id,
    vCenter,
    mentions: mentionsOf(match, request),
  });
  outcome.fault = rule?.kind ?? null;
  if (rule?.kind === 'delay') await world.clock.sleep(rule.milliseconds ?? 1_000);
  if (rule?.kind === 'hang') return hangingReply(rule);
  if (rule?.kind === 'session-expired' && token) world.sessions.close(token);
  if (operation.id === 'com.vmware.cis.session.create') {
    if (rule?.kind === 'error') throw injected(rule);
    const session = createSession(world, vCenter, request);
    outcome.user = session.user;
    return deliverUnder(rule, jsonReply(operation.status, session.token, { 'vmware-api-session-id': session.token }));
  }
  const session = token ? world.sessions.touch('rest', vCenter.id, token) : null;
  if (!session) throw new Fault('UNAUTHENTICATED', 'Authentication required.');
  outcome.user = session.user;
  checkAuthorized(session, operation);
  if (rule?.kind === 'error') throw injected(rule);
  checkPath(match);
  const call: RestCall = {
    world,
    vCenter,
    session,
    operation,
    path: match.path,
    query: readQuery(operation, request.query),
    body: readBody(operation, request),
  };
  const value = await match.route.handle(call);
  if (operation.id === 'com.vmware.cis.tasks.get') outcome.task = loggedTask(value);
  return deliverUnder(rule, successReply(call, value));
}

function successReply(call: RestCall, value: unknown): HttpReply {
  const { operation } = call;
  if (operation.task) {
    if (!isTaskReply(value)) throw new Error(`${operation.key} did not start a task`);
    return jsonReply(operation.status, value.task.id);
  }
  try {
    checkValue(value, operation.result, operation.types, 'reply');
  } catch (thrown) {
    // Our own mistake, not the client's: it must not look like one.
    throw new Error(`reply of ${operation.key} breaks the contract: ${toFault(thrown).message}`, { cause: thrown });
  }
  return operation.result === 'void'
    ? { status: operation.status, headers: {}, body: '' }
    : jsonReply(operation.status, value);
}

function isTaskReply(value: unknown): value is TaskReply {
  return isObject(value) && isObject(value['task']);
}

/** documented: INVALID_ARGUMENT for an empty id, where the operation declares it. */
function checkPath({ path, route: { operation } }: RouteMatch): void {
  const empty = Object.keys(path).find((name) => path[name] === '');
  if (empty === undefined) return;
  throw new Fault(
    operation.errors.includes('INVALID_ARGUMENT') ? 'INVALID_ARGUMENT' : 'NOT_FOUND',
    `${empty} is empty.`,
  );
}

function injected(rule: { error?: string; message?: string }): Fault {
  return new Fault((rule.error ?? 'ERROR') as Fault['type'], rule.message ?? 'Injected by a fault of the scenario.');
}

function headerOf(request: HttpRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** Ids and names in path, query and body, for faults that name a host. */
function mentionsOf(match: RouteMatch, request: HttpRequest): string[] {
  const texts = [...Object.values(match.path), ...request.query.values()];
  if (request.body.length > 0 && request.body.length < 64_000) {
    texts.push(...[...request.body.toString('utf8').matchAll(/"([^"\\]{1,200})"/g)].map((found) => found[1] ?? ''));
  }
  return texts;
}

/** What the log keeps of com.vmware.cis.task.Info. */
function loggedTask(info: unknown): LoggedTask | null {
  if (!isObject(info)) return null;
  const { error } = info;
  return {
    operation: `${String(info['service'])}.${String(info['operation'])}`,
    status: String(info['status']),
    error: isObject(error) ? String(error['error_type']) : null,
  };
}

function errorTypeOf(reply: HttpReply): string | null {
  const body = JSON.parse(reply.body.toString()) as unknown;
  return isObject(body) && typeof body['error_type'] === 'string' ? body['error_type'] : null;
}
