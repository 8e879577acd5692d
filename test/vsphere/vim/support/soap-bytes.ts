/** SOAP answers as bytes, written by hand in the manners of different servers. */

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An answer with an XML body and its length. */
export function xml(status: number, text: string, headers: Record<string, string> = {}): string {
  const extra = Object.entries({ 'content-type': 'text/xml; charset=utf-8', ...headers });
  const lines = extra.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} X\r\n${lines}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** An envelope as vCenter and vcsim write it. */
export function envelope(body: string): string {
  return (
    `${HEAD}<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"` +
    ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}

/** The same with other prefixes, a default namespace, blanks and a comment: nothing of it may matter. */
export function strangeEnvelope(body: string): string {
  return (
    `${HEAD}<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"` +
    ` xmlns:v="urn:vim25">\n  <Header/>\n  <Body><!-- a comment -->\n    ${body}\n  </Body>\n</Envelope>\n`
  );
}

/** A successful answer to a method. */
export function success(method: string, content: string, headers: Record<string, string> = {}): string {
  return xml(200, envelope(`<${method}Response xmlns="urn:vim25">${content}</${method}Response>`), headers);
}

/** A fault; `detail` is whatever stands in the detail element. */
export function fault(text: string, detail: string): string {
  return xml(
    500,
    envelope(
      `<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>${text}</faultstring>` +
        `<detail>${detail}</detail></soapenv:Fault>`,
    ),
  );
}

/** The fault of a session that has ended, named in both ways. */
export function notAuthenticated(): string {
  return fault(
    'The session is not authenticated.',
    '<NotAuthenticatedFault xmlns="urn:vim25" xsi:type="NotAuthenticated"><object type="HostSystem">host-30</object>' +
      '<privilegeId>System.View</privilegeId></NotAuthenticatedFault>',
  );
}

/** A page of RetrievePropertiesEx: objects as `object` writes them, and the token of the next page. */
export function page(objects: readonly string[], token?: string): string {
  const next = token === undefined ? '' : `<token>${token}</token>`;
  return `<returnval>${next}${objects.join('')}</returnval>`;
}

/** One object with its properties; a value is the whole `val` element, without it the text of a string. */
export function object(type: string, id: string, properties: Record<string, string>, missing = ''): string {
  const set = Object.entries(properties).map(
    ([name, value]) =>
      `<propSet><name>${name}</name>${value.startsWith('<val') ? value : `<val xsi:type="xsd:string">${value}</val>`}</propSet>`,
  );
  return `<objects><obj type="${type}">${id}</obj>${set.join('')}${missing}</objects>`;
}

/** A property that could not be read. */
export function missing(path: string, fault: string, members = ''): string {
  return `<missingSet><path>${path}</path><fault><fault xsi:type="${fault}">${members}</fault></fault></missingSet>`;
}

/** A list of references as the value of a property. */
export function references(type: string, ids: readonly string[]): string {
  const items = ids.map((id) => `<ManagedObjectReference type="${type}">${id}</ManagedObjectReference>`);
  return `<val xsi:type="ArrayOfManagedObjectReference">${items.join('')}</val>`;
}
