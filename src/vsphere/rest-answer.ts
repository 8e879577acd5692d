import { isObject, Misread, type Decoder } from './decode';
import { AnswerNotUnderstood, ApiFault, OutcomeUnknown, type Fault } from './errors';
import { JsonRefused, readJson } from './json-reader';
import { localizableMessage } from './localizable-message';
import type { HttpResponse } from './transport';

/**
 * Reads the body of a successful answer.
 * @throws OutcomeUnknown if the body may have been cut short: it does not parse, and nothing said where it ends
 * @throws AnswerNotUnderstood if it is not JSON, or not what the decoder expects
 */
export function readAnswer<T>(operation: string, response: HttpResponse, decode: Decoder<T>): T {
  return decodeAnswer(operation, parseJson(operation, response), decode);
}

/** Applies a decoder; a `Misread` becomes an error that names the operation too. */
export function decodeAnswer<T>(operation: string, value: unknown, decode: Decoder<T>): T {
  try {
    return decode(value, '');
  } catch (error) {
    if (error instanceof Misread) throw new AnswerNotUnderstood(operation, error.field, error.problem);
    throw error;
  }
}

function parseJson(operation: string, response: HttpResponse): unknown {
  try {
    return readJson(response.body);
  } catch (error) {
    if (!response.delimited) {
      throw new OutcomeUnknown(operation, 'body-cut-short', `the answer (status ${response.status}) ends in mid-JSON`);
    }
    const problem = error instanceof JsonRefused ? error.message : 'is not JSON';
    throw new AnswerNotUnderstood(operation, '', `${problem} (status ${response.status})`);
  }
}

/** The fault in an answer of status 400 and up. A body that is no vAPI error (a proxy's HTML page) gives no messages. */
export function readFault(operation: string, response: HttpResponse): ApiFault {
  let body: unknown;
  try {
    body = readJson(response.body);
  } catch {
    body = undefined;
  }
  const requestId = response.headers['x-request-id'] ?? response.headers['vapi-ctx-opid'];
  return new ApiFault(operation, { ...decodeFault(body), status: response.status, requestId });
}

/**
 * A vAPI error as it stands in the body of an answer or in a task. There it may also be a string: JSON text or just a
 * message (the published API description says string, the clients decode an object). Never throws.
 */
export function decodeFault(value: unknown): Fault {
  if (typeof value === 'string') return decodeFaultText(value);
  if (!isObject(value)) return { status: undefined, errorType: undefined, messages: [] };
  const type = value['error_type'];
  const messages = Array.isArray(value['messages']) ? value['messages'] : [];
  return {
    status: undefined,
    errorType: typeof type === 'string' && type !== '' ? type : undefined,
    messages: messages.map((message) => localizableMessage(message, '').text).filter((text) => text !== ''),
    messageIds: messages.map((message) => localizableMessage(message, '').id).filter((id) => id !== ''),
    data: value['data'],
  };
}

function decodeFaultText(text: string): Fault {
  try {
    const parsed = readJson(Buffer.from(text));
    if (isObject(parsed)) return decodeFault(parsed);
  } catch {
    // Not JSON: the string is the message itself.
  }
  return { status: undefined, errorType: undefined, messages: text === '' ? [] : [text] };
}
