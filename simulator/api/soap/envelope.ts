import { decodeReference } from './vim25/decode';
import { encode, encodeFields } from './vim25/encode';
import { soapFault, type SoapFault } from './vim25/faults';
import type { FieldType } from './vim25/type-table';
import type { MoRef, VimValue } from './vim25/values';
import type { XmlElement } from './xml/read-xml';
import { escapeXml, writeElement } from './xml/write-xml';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';

/** One method call, as the body of an envelope names it. */
export interface Call {
  readonly method: string;
  /** The managed object the method is called on. */
  readonly target: MoRef;
  readonly parameters: readonly XmlElement[];
}

/** Finds the call in an envelope. Names are compared without prefix; the first child must be `_this`. */
export function readCall(envelope: XmlElement): Call {
  const body = envelope.children.find(({ name, namespace }) => name === 'Body' && namespace === SOAP);
  if (envelope.name !== 'Envelope' || envelope.namespace !== SOAP || !body) {
    throw soapFault('InvalidRequest', 'The document is no SOAP envelope with a body.');
  }
  const [element, second] = body.children;
  if (!element || second) throw soapFault('InvalidRequest', 'The body must hold one method.');
  if (element.namespace !== 'urn:vim25') {
    throw soapFault('InvalidRequest', `The namespace "${element.namespace}" is not spoken here.`);
  }
  const [self, ...parameters] = element.children;
  if (!self || self.name !== '_this') throw soapFault('InvalidRequest', 'The method has no <_this>.');
  return { method: element.name, target: decodeReference(self), parameters };
}

/** `<XResponse><returnval>…`: a list repeats `returnval`, null and void leave it out. */
export function writeResponse(method: string, type: FieldType, result: VimValue | undefined): string {
  const content = result === undefined ? '' : encode('returnval', type, result);
  return writeEnvelope(writeElement(`${method}Response`, content, { xmlns: 'urn:vim25' }));
}

/**
 * A SOAP fault. The detail element is named `<Type>Fault` and carries xsi:type: pyvmomi reads the one, other
 * clients the other (`contract/vim25-soap.md` §3).
 */
export function writeFault({ fault, message }: SoapFault): string {
  const detail = writeElement(`${fault.$type}Fault`, encodeFields(fault.$type, fault), {
    xmlns: 'urn:vim25',
    'xsi:type': fault.$type,
  });
  const parts = [
    writeElement('faultcode', 'ServerFaultCode'),
    writeElement('faultstring', escapeXml(message)),
    writeElement('detail', detail),
  ];
  return writeEnvelope(writeElement('soapenv:Fault', parts.join('')));
}

function writeEnvelope(body: string): string {
  const content = `<soapenv:Body>\n${body}\n</soapenv:Body>`;
  const namespaces = {
    'xmlns:soapenv': SOAP,
    'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement('soapenv:Envelope', content, namespaces)}\n`;
}
