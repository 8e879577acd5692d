import type { ManagedObjectReference } from './managed-object';
import { element, reference, type Xml } from './xml-writer';
import type { XmlElement } from './xml-reader';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const VIM25 = 'urn:vim25';

/**
 * The request for one vim25 method: `_this` first, then the parameters in the order in which the method declares them.
 */
export function writeEnvelope(method: string, self: ManagedObjectReference, parameters: readonly Xml[]): string {
  const call = element(method, [reference('_this', self), ...parameters], { xmlns: VIM25 });
  const envelope = element('soapenv:Envelope', [element('soapenv:Body', [call])], {
    'xmlns:soapenv': SOAP,
    'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  });
  return `<?xml version="1.0" encoding="UTF-8"?>${envelope}`;
}

/** What a document is: the one element of a SOAP body, or no SOAP at all (the page of a proxy, say). */
export type Opened =
  { readonly kind: 'body'; readonly content: XmlElement } | { readonly kind: 'fault'; readonly fault: XmlElement };

/** Opens an envelope; `undefined` if the document is none. */
export function openEnvelope(document: XmlElement): Opened | undefined {
  if (document.name !== 'Envelope' || document.namespace !== SOAP) return undefined;
  const content = document.children.find((child) => child.name === 'Body')?.children[0];
  if (content === undefined) return undefined;
  return content.name === 'Fault' && content.namespace === SOAP
    ? { kind: 'fault', fault: content }
    : { kind: 'body', content };
}
