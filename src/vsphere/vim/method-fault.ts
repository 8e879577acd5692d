import type { Fault } from '../errors';
import type { XmlElement } from './xml-reader';

/** The fault of a missing or ended session. It comes as a SOAP fault or, for properties, inside `missingSet`. */
export const NOT_AUTHENTICATED = 'NotAuthenticated';

/** The members of a fault as plain data: text, references, objects, and lists where a name is repeated. */
type FaultMember = string | { readonly [member: string]: FaultMember } | readonly FaultMember[];

const child = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((candidate) => candidate.name === name);

/**
 * Reads a `soap:Fault`. Servers name the type in two ways, and some only in one: `xsi:type` of the element in `detail`
 * comes first, then its name without the last `Fault` (`HostConnectFaultFault` is a `HostConnectFault`).
 *
 * @param status the HTTP status that it came with
 */
export function readSoapFault(fault: XmlElement, status: number): Fault {
  const said = child(fault, 'faultstring')?.text ?? '';
  const detail = child(fault, 'detail')?.children[0];
  if (detail === undefined) return { status, errorType: undefined, messages: said === '' ? [] : [said] };
  const errorType = detail.xsiType ?? (detail.name.replace(/Fault$/, '') || undefined);
  return { status, errorType, ...contents(detail, said) };
}

/**
 * Reads a `LocalizedMethodFault`: a fault that is data, as in `TaskInfo.error` and `missingSet`. It has no status.
 * Without `xsi:type` it is what the schema declares, a plain `MethodFault`.
 */
export function readLocalizedFault(element: XmlElement): Fault {
  const fault = child(element, 'fault');
  const said = child(element, 'localizedMessage')?.text ?? '';
  if (fault === undefined) return { status: undefined, errorType: undefined, messages: said === '' ? [] : [said] };
  return { status: undefined, errorType: fault.xsiType ?? 'MethodFault', ...contents(fault, said) };
}

function contents(fault: XmlElement, said: string): Pick<Fault, 'messages' | 'messageIds' | 'data'> {
  const more = fault.children.filter((member) => member.name === 'faultMessage');
  const texts = (name: string): string[] => more.map((message) => child(message, name)?.text ?? '');
  return {
    messages: [said, ...texts('message')].filter((text) => text !== ''),
    messageIds: texts('key').filter((key) => key !== ''),
    data: members(fault),
  };
}

function members(element: XmlElement): { readonly [member: string]: FaultMember } {
  const found = new Map<string, FaultMember[]>();
  for (const member of element.children) {
    const list = found.get(member.name);
    if (list === undefined) found.set(member.name, [memberValue(member)]);
    else list.push(memberValue(member));
  }
  return Object.fromEntries(
    [...found].map(([name, list]) => [name, list.length === 1 && list[0] !== undefined ? list[0] : list]),
  );
}

function memberValue(element: XmlElement): FaultMember {
  if (element.children.length > 0) return members(element);
  return element.type === undefined ? element.text : { type: element.type, id: element.text };
}
