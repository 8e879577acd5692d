import { AnswerNotUnderstood, ApiFault, LoginRefused, NotSent, OutcomeUnknown } from '../errors';
import type { CredentialsSource } from '../rest-session';
import type { CallOptions, Transport } from '../transport';
import { chooseVersion, TRUST_AUTHORITY_VERSIONS, type VersionRange } from './api-version';
import { CallBudget } from './call-budget';
import type { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';
import { NOT_AUTHENTICATED } from './method-fault';
import { readServiceContent, SERVICE_INSTANCE, type ServiceContent } from './service-content';
import { SoapClient } from './soap-client';
import { value, type Xml } from './xml-writer';

/** What a login established. */
export interface Session {
  readonly version: string;
  readonly content: ServiceContent;
  readonly cookie: string;
  /** The account as the server writes it (`DOMAIN\name`), the form in which tasks and events name who began them. */
  readonly userName: string;
  /** What names the session to the server; no secret, unlike the cookie. */
  readonly key: string | undefined;
}

/** One call of a unit of work. */
export interface MethodCall {
  readonly method: string;
  readonly self: ManagedObjectReference;
  readonly parameters?: readonly Xml[];
  readonly repeatable: boolean;
}

/** A unit of work: calls in one session, within one deadline. */
export class Connection {
  readonly #soap: SoapClient;
  readonly #budget: CallBudget;
  constructor(
    readonly session: Session,
    soap: SoapClient,
    budget: CallBudget,
  ) {
    this.#soap = soap;
    this.#budget = budget;
  }

  /** Calls one method and gives the response element. Errors as in `SoapClient.call`. */
  async call(call: MethodCall): Promise<DataObject> {
    const { version, cookie } = this.session;
    const { response } = await this.#soap.call({ ...call, version, cookie }, this.#budget.left(call.method));
    return response;
  }
}

/** A login is shared by all who wait for it, so it has a deadline of its own. */
const LOGIN: CallOptions = { deadlineMs: 60_000 };

/**
 * The session with one server: chooses the API version, logs in when first needed, and once more when the server says
 * that the session has ended, which the restart of an updated vCenter does to all. Callers at the same time share one
 * login. After a lost connection the version is looked up again before the session is used: the server that comes
 * back may be another version, and may speak less than before (a rollback).
 */
export class VimSession {
  readonly #soap: SoapClient;
  readonly #credentials: CredentialsSource;
  readonly #versions: VersionRange;
  #current: Session | undefined;
  #pending: Promise<Session> | undefined;
  #doubtful = false;

  constructor(transport: Transport, credentials: CredentialsSource, versions: Partial<VersionRange> = {}) {
    this.#soap = new SoapClient(transport);
    this.#credentials = credentials;
    this.#versions = { ...TRUST_AUTHORITY_VERSIONS, ...versions };
  }

  /**
   * Runs a unit of work in a session. If the server answers `NotAuthenticated`, it has carried out nothing: the session
   * is renewed and the unit runs a second and last time, from its beginning, since what it had created in the old
   * session (a view, a page token) ended with it. A call that changes something must therefore be a unit's last.
   *
   * @param operation what errors of waiting for the login name
   * @throws LoginRefused for wrong credentials; ApiFault `NotAuthenticated` if a fresh session is refused too
   * @throws NotSent, OutcomeUnknown, AnswerNotUnderstood as in `SoapClient.call`
   */
  async run<T>(operation: string, options: CallOptions | undefined, work: (c: Connection) => Promise<T>): Promise<T> {
    const budget = new CallBudget(options);
    const session = await budget.wait(operation, this.#ready());
    try {
      return await this.#work(session, budget, work);
    } catch (error) {
      if (!isNotAuthenticated(error)) throw error;
    }
    return this.#work(await budget.wait(operation, this.#renewed(session)), budget, work);
  }

  /** Ends the session, if there is one. Best effort: one that cannot be ended ends by the server's idle limit. */
  async close(options?: CallOptions): Promise<void> {
    const session = (await this.#pending?.catch(() => undefined)) ?? this.#current;
    this.#current = undefined;
    if (session === undefined) return;
    const logout = { method: 'Logout', self: session.content.sessionManager, repeatable: false };
    await new Connection(session, this.#soap, new CallBudget(options)).call(logout).catch(() => undefined);
  }

  async #work<T>(session: Session, budget: CallBudget, work: (c: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(new Connection(session, this.#soap, budget));
    } catch (error) {
      if (isAway(error)) this.#doubtful = true;
      throw error;
    }
  }

  #ready(): Promise<Session> {
    if (this.#pending !== undefined) return this.#pending;
    const session = this.#current;
    if (session === undefined) return this.#shared(() => this.#logIn());
    return this.#doubtful ? this.#shared(() => this.#confirmed(session)) : Promise.resolve(session);
  }

  /** A session other than the one that has ended; others may have renewed it meanwhile. */
  async #renewed(ended: Session): Promise<Session> {
    const current = await (this.#pending ?? this.#current);
    if (current !== undefined && current !== ended) return current;
    this.#current = undefined;
    return this.#pending ?? this.#shared(() => this.#logIn());
  }

  #shared(start: () => Promise<Session>): Promise<Session> {
    const pending = start()
      .then((session) => {
        this.#doubtful = false;
        return (this.#current = session);
      })
      .finally(() => (this.#pending = undefined));
    // All who waited may have given up by the time it fails.
    pending.catch(() => undefined);
    return (this.#pending = pending);
  }

  async #confirmed(session: Session): Promise<Session> {
    const version = await this.#chosenVersion(new CallBudget(LOGIN));
    return version === session.version ? session : this.#logIn();
  }

  async #chosenVersion(budget: CallBudget): Promise<string> {
    return chooseVersion(await this.#soap.versionDocument(budget.left('read the vim25 API versions')), this.#versions);
  }

  /** RetrieveServiceContent and Login, both of privilege System.Anonymous. */
  async #logIn(): Promise<Session> {
    const budget = new CallBudget(LOGIN);
    const version = await this.#chosenVersion(budget);
    const welcome = await this.#soap.call(
      { method: 'RetrieveServiceContent', self: SERVICE_INSTANCE, version, repeatable: true },
      budget.left('RetrieveServiceContent'),
    );
    const content = readServiceContent(welcome.response.object('returnval'));
    const { username, password } = await budget.wait('Login', this.#credentials());
    const call = {
      method: 'Login',
      self: content.sessionManager,
      parameters: [value('userName', username), value('password', password)],
      version,
      cookie: welcome.cookie,
      repeatable: false,
    };
    const login = await this.#soap.call(call, budget.left('Login')).catch(throwLoginFault);
    const cookie = login.cookie ?? welcome.cookie;
    if (cookie === undefined) throw new AnswerNotUnderstood('Login', '', 'sets no session cookie');
    const session = login.response.object('returnval');
    return { version, content, cookie, userName: session.text('userName'), key: session.textOrUnset('key') };
  }
}

/** True if the server, or the proxy before it, was not there: what comes back may be another version. */
function isAway(error: unknown): boolean {
  if (error instanceof NotSent || error instanceof OutcomeUnknown) return error.reason !== 'cancelled';
  return error instanceof ApiFault && error.errorType === undefined && (error.status ?? 0) >= 500;
}

/** Wrong credentials have a class of their own: trying again would lock the account. */
function throwLoginFault(error: unknown): never {
  const refused = error instanceof ApiFault && error.errorType === 'InvalidLogin';
  throw refused ? new LoginRefused('Login', error) : error;
}

const isNotAuthenticated = (error: unknown): boolean =>
  error instanceof ApiFault && error.errorType === NOT_AUTHENTICATED;
