import { AnswerNotUnderstood, ApiFault, OutcomeUnknown, type UnknownReason } from '../errors';
import type { CallOptions, HttpResponse, Transport } from '../transport';
import { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';
import { readSoapFault } from './method-fault';
import { openEnvelope, writeEnvelope } from './soap-envelope';
import { readXml, XmlRefused, type XmlElement } from './xml-reader';
import type { Xml } from './xml-writer';

/** Where vim25 lives on a vCenter, and on an ESXi host. */
const ENDPOINT = '/sdk';

/** One method call. */
export interface SoapCall {
  /** WSDL name, `RebootHost_Task`. It is also what errors call the operation. */
  readonly method: string;
  readonly self: ManagedObjectReference;
  readonly parameters?: readonly Xml[] | undefined;
  /** API version that the client wants to speak, `8.0.3.0`. */
  readonly version: string;
  /** `name=value` of the session cookie; none before the login. */
  readonly cookie?: string | undefined;
  /** True if sending it twice does no harm; such calls may use a kept-alive connection. */
  readonly repeatable: boolean;
}

/** The answer to a method call. */
export interface SoapAnswer {
  /** The response element; its members named `returnval` are the result. */
  readonly response: DataObject;
  /** `name=value` of a session cookie that came along. */
  readonly cookie: string | undefined;
}

/**
 * Speaks vim25 over SOAP 1.1: one POST a call. Knows no session, and sends nothing twice.
 */
export class SoapClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Sends one method call and reads its answer.
   *
   * @throws ApiFault a fault of the server, by its name; or, without a name, a status that says no without SOAP
   * @throws OutcomeUnknown the answer is lost, cut short, or not SOAP. What a proxy says while the service behind it is
   *   away (502, 503, 504) does not tell whether the service had the request: for a call that is not repeatable this
   *   is an unknown outcome too
   * @throws NotSent nothing was sent
   * @throws AnswerNotUnderstood SOAP, but not the answer to this method
   */
  async call(call: SoapCall, options?: CallOptions): Promise<SoapAnswer> {
    const cookie: Record<string, string> = call.cookie === undefined ? {} : { cookie: call.cookie };
    const answer = await this.#transport.send(
      {
        method: 'POST',
        path: ENDPOINT,
        operation: call.method,
        repeatable: call.repeatable,
        headers: {
          'content-type': 'text/xml; charset=UTF-8',
          accept: 'text/xml',
          soapaction: `"urn:vim25/${call.version}"`,
          ...cookie,
        },
        body: writeEnvelope(call.method, call.self, call.parameters ?? []),
      },
      options,
    );
    return { response: readResponse(call, answer), cookie: sessionCookie(answer) };
  }

  /** The document in which a server lists the API versions it speaks. Needs no session. Repeatable. */
  async versionDocument(options?: CallOptions): Promise<XmlElement> {
    const operation = 'read the vim25 API versions';
    const answer = await this.#transport.send(
      { method: 'GET', path: `${ENDPOINT}/vimServiceVersions.xml`, operation },
      options,
    );
    const request = { method: operation, repeatable: true };
    return answer.status === 200 ? parse(request, answer) : refuse(request, answer, 'no version document');
  }
}

type Request = Pick<SoapCall, 'method' | 'repeatable'>;

function readResponse(call: Request, answer: HttpResponse): DataObject {
  const { method } = call;
  const opened = openEnvelope(parse(call, answer));
  if (opened === undefined) return refuse(call, answer, 'no SOAP envelope');
  if (opened.kind === 'fault') throw new ApiFault(method, readSoapFault(opened.fault, answer.status));
  if (answer.status !== 200) return refuse(call, answer, 'neither success nor a SOAP fault');
  if (opened.content.name !== `${method}Response`) {
    throw new AnswerNotUnderstood(method, '', 'is the answer to another method');
  }
  return new DataObject(method, '', opened.content);
}

function parse(call: Request, answer: HttpResponse): XmlElement {
  try {
    return readXml(answer.body);
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    const unknown = (reason: UnknownReason): OutcomeUnknown =>
      new OutcomeUnknown(call.method, reason, error.message, { cause: error });
    if (error.reason === 'too-large') throw unknown('answer-too-large');
    // Without a length only the end of the connection says where the answer ends, also when it ended too early.
    if (!answer.delimited) throw unknown('body-cut-short');
    return refuse(call, answer, error.message, error);
  }
}

/** An answer that is not ours to read, such as the page of a proxy: no message of it is the server's word. */
function refuse({ method, repeatable }: Request, answer: HttpResponse, problem: string, cause?: unknown): never {
  const { status } = answer;
  if ((status >= 400 && status < 500) || (status >= 500 && repeatable)) {
    throw new ApiFault(method, { status, errorType: undefined, messages: [] }, { cause });
  }
  throw new OutcomeUnknown(method, 'answer-broken', `status ${status}: ${problem}`, { cause });
}

/** The session cookie without its attributes: `Path` and the like are for the client, not to be sent back. */
function sessionCookie(answer: HttpResponse): string | undefined {
  return /(?:^|,\s*)(vmware_soap_session=(?:"[^"]*"|[^;,\s]*))/.exec(answer.headers['set-cookie'] ?? '')?.[1];
}
