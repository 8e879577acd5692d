import { Fault } from '../../world/fault';
import { authenticate } from '../../world/sessions';
import type { FaultRule } from '../../world/faults';
import type { HttpReply, HttpRequest } from '../http';
import { deliverUnder, hangingReply, takeRequestFault } from '../request-faults';
import { answerCall, methodOf } from './dispatch';
import { readCall, writeFault, writeResponse, type Call } from './envelope';
import { sessionToken, setCookie } from './session-cookie';
import { anonymousState, SessionState } from './session-state';
import type { Site } from './site';
import { toSoapFault } from './to-soap-fault';
import { decodeFields } from './vim25/decode';
import { soapFault, type SoapFault } from './vim25/faults';
import type { Method } from './vim25/type-table';
import { textOf, type MoRef } from './vim25/values';
import { readXml, XmlRefused, type XmlElement } from './xml/read-xml';

/** How a request ended, for the log. */
export interface Outcome {
  reply: HttpReply;
  operation: string | null;
  error: string | null;
  user: string | null;
  fault: string | null;
}

/** Answers SOAP requests of one site and keeps what its sessions made. */
export class SoapServer {
  readonly #states = new Map<string, SessionState>();

  constructor(private readonly site: Site) {}

  /** Every answer is 200, every fault 500 (`contract/vim25-soap.md` §1). */
  async answer(request: HttpRequest): Promise<Outcome> {
    const outcome: Outcome = { reply: envelope(200, ''), operation: null, error: null, user: null, fault: null };
    let object: MoRef | undefined;
    try {
      const call = readCall(parse(request.body));
      object = call.target;
      outcome.operation = call.method;
      const rule = takeRequestFault(this.site.world, {
        operation: call.method,
        vCenter: this.site.vCenter,
        host: this.site.hostOf(call.target),
        mentions: mentionsOf(call),
      });
      outcome.fault = rule?.kind ?? null;
      outcome.reply = await this.#underFault(rule, request, call, outcome);
    } catch (thrown) {
      const fault = toSoapFault(thrown, object ? { object } : {});
      outcome.error = fault.fault.$type;
      outcome.reply = envelope(500, writeFault(fault));
    }
    return outcome;
  }

  async #underFault(rule: FaultRule | null, request: HttpRequest, call: Call, outcome: Outcome): Promise<HttpReply> {
    if (rule?.kind === 'hang') return hangingReply(rule);
    if (rule?.kind === 'delay') await this.site.world.clock.sleep(rule.milliseconds ?? 1_000);
    const token = sessionToken(request.headers.cookie);
    if (rule?.kind === 'session-expired' && token !== null) this.site.world.sessions.close(token);
    if (rule?.kind === 'error') throw injected(rule, call);
    const reply = await this.#carryOut(request, token, call, outcome);
    return deliverUnder(rule, reply);
  }

  async #carryOut(request: HttpRequest, token: string | null, call: Call, outcome: Outcome): Promise<HttpReply> {
    const method = methodOf(call);
    if (method.name === 'Login') return this.#login(request, method, call, outcome);
    const state = this.#stateOf(token);
    outcome.user = state.session.user || null;
    const { type, value } = await answerCall(this.site, state, method, call);
    if (method.name === 'Logout') this.#states.delete(state.session.token);
    return envelope(200, writeResponse(method.name, type, value));
  }

  /** @throws SoapFault InvalidLogin */
  #login(request: HttpRequest, method: Method, call: Call, outcome: Outcome): HttpReply {
    const parameters = decodeFields(method.name, method.parameters, call.parameters);
    const userName = textOf(parameters, 'userName');
    try {
      const user = authenticate(this.site.users(), userName, textOf(parameters, 'password'));
      const session = this.site.world.sessions.open(this.site.sessionKind, this.site.endpoint, user);
      const state = new SessionState(session, request.headers['user-agent'] ?? '', this.site.ids.propertyCollector);
      this.#states.set(session.token, state);
      this.site.logSession('login', { user: user.name, api: 'soap' });
      outcome.user = user.name;
      const reply = envelope(200, writeResponse(method.name, method.result, state.describe()));
      return { ...reply, headers: { ...reply.headers, 'set-cookie': setCookie(session.token) } };
    } catch (thrown) {
      this.site.logSession('login-failed', { user: userName, api: 'soap' });
      if (!(thrown instanceof Fault)) throw thrown;
      // documented; which of the two it was is withheld
      throw soapFault('InvalidLogin', 'Cannot complete login due to an incorrect user name or password.');
    }
  }

  #stateOf(token: string | null): SessionState {
    const { world, sessionKind, endpoint } = this.site;
    const session = token === null ? null : world.sessions.touch(sessionKind, endpoint, token);
    const state = session ? this.#states.get(session.token) : undefined;
    // What a session made does not outlive it: an expired one is forgotten as soon as somebody asks with it.
    if (token !== null && !session) this.#states.delete(token);
    return state ?? anonymousState(sessionKind, endpoint, this.site.ids.propertyCollector);
  }
}

function parse(body: Buffer): XmlElement {
  try {
    return readXml(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (thrown) {
    const reason = thrown instanceof XmlRefused ? thrown.message : 'The body is not UTF-8.';
    throw soapFault('InvalidRequest', `XML document cannot be read: ${reason}`);
  }
}

/** Ids that a call mentions anywhere, for faults that name a host. */
function mentionsOf(call: Call): string[] {
  const mentions = [call.target.value];
  const walk = (element: XmlElement): void => {
    if (element.children.length > 0) element.children.forEach(walk);
    else if (element.text !== '' && element.text.length < 200) mentions.push(element.text);
  };
  call.parameters.forEach(walk);
  return mentions;
}

function injected(rule: FaultRule, { target }: Call): SoapFault {
  const message = rule.message ?? 'Injected by a fault of the scenario.';
  return toSoapFault(new Fault((rule.error ?? 'SystemError') as Fault['type'], message), { object: target });
}

function envelope(status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}
