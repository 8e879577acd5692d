import { describe, expect, it } from 'vitest';
import { AnswerNotUnderstood, ApiFault, NotSent, OutcomeUnknown } from '../../../src/vsphere/errors';
import { SoapClient, type SoapCall } from '../../../src/vsphere/vim/soap-client';
import { value } from '../../../src/vsphere/vim/xml-writer';
import { startRawServer, type Answer, type RawServer } from '../support/raw-server';
import { METHOD_UNKNOWN, OBJECT_GONE } from './support/recorded';
import { envelope, fault, strangeEnvelope, success, xml } from './support/soap-bytes';
import { transportTo } from './support/vim-server';

const HOST = { type: 'HostSystem', id: 'host-21' };
const REBOOT: SoapCall = {
  method: 'RebootHost_Task',
  self: HOST,
  parameters: [value('force', false)],
  version: '8.0.3.0',
  cookie: 'vmware_soap_session="abc"',
  repeatable: false,
};
const TASK_103 = '<returnval type="Task">task-103</returnval>';

/** Calls a server whose answer is written by the test. */
async function callOf(answer: Answer, call: SoapCall, look: (server: RawServer) => void = () => undefined) {
  await using server = await startRawServer(answer);
  const transport = transportTo(server);
  try {
    return await new SoapClient(transport).call(call, { deadlineMs: 5_000 });
  } finally {
    transport.close();
    look(server);
  }
}

const bytes =
  (text: string): Answer =>
  (socket) =>
    socket.write(text);

async function errorOf(answer: Answer, call: SoapCall = REBOOT): Promise<unknown> {
  return callOf(answer, call).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('SoapClient.call', () => {
  it('posts one envelope with the headers that vim25 asks for', async () => {
    const { response } = await callOf(bytes(success('RebootHost_Task', TASK_103)), REBOOT, (server) => {
      const [request] = server.requests;
      expect(server.requests).toHaveLength(1);
      expect(request).toMatchObject({ method: 'POST', path: '/sdk' });
      expect(request?.headers).toMatchObject({
        'content-type': 'text/xml; charset=UTF-8',
        soapaction: '"urn:vim25/8.0.3.0"',
        cookie: 'vmware_soap_session="abc"',
      });
      expect(request?.body).toBe(
        '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope' +
          ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"' +
          ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><RebootHost_Task xmlns="urn:vim25">' +
          '<_this type="HostSystem">host-21</_this><force>false</force></RebootHost_Task></soapenv:Body></soapenv:Envelope>',
      );
    });
    expect(response.reference('returnval')).toEqual({ type: 'Task', id: 'task-103' });
  });

  it('sends no Cookie header before the login', async () => {
    await callOf(bytes(success('RebootHost_Task', TASK_103)), { ...REBOOT, cookie: undefined }, (server) => {
      expect(server.requests[0]?.headers).not.toHaveProperty('cookie');
    });
  });

  it('reads an answer with other prefixes, blanks and comments', async () => {
    const body =
      '<v:RebootHost_TaskResponse><v:returnval type="Task">task-103</v:returnval></v:RebootHost_TaskResponse>';
    const { response } = await callOf(bytes(xml(200, strangeEnvelope(body))), REBOOT);
    expect(response.reference('returnval').id).toBe('task-103');
  });

  it.each([
    ['vmware_soap_session=0a-1; Path=/; Expires=Wed, 09 Jun 2027 10:18:14 GMT', 'vmware_soap_session=0a-1'],
    ['vmware_soap_session="0a-1"; Path=/; HttpOnly; Secure; SameSite=None', 'vmware_soap_session="0a-1"'],
    ['other=1; Path=/, vmware_soap_session=0a-1; Path=/', 'vmware_soap_session=0a-1'],
    ['xvmware_soap_session=0a-1', undefined],
  ])('picks the session cookie out of %j, without its attributes', async (header, cookie) => {
    const answer = await callOf(bytes(success('RebootHost_Task', TASK_103, { 'set-cookie': header })), REBOOT);
    expect(answer.cookie).toBe(cookie);
  });
});

describe('SOAP faults', () => {
  it.each([
    ['both ways', '<InvalidStateFault xmlns="urn:vim25" xsi:type="InvalidState"/>', 'InvalidState'],
    ['xsi:type with a prefix', '<v:InvalidStateFault xmlns:v="urn:vim25" xsi:type="v:InvalidState"/>', 'InvalidState'],
    ['xsi:type alone', '<Fault xsi:type="InvalidLogin"/>', 'InvalidLogin'],
    ['the element alone', '<InvalidStateFault xmlns="urn:vim25"/>', 'InvalidState'],
    ['a type that ends in Fault', '<HostConnectFaultFault xmlns="urn:vim25"/>', 'HostConnectFault'],
    ['a general element for a special type', '<RuntimeFaultFault xsi:type="SystemError"/>', 'SystemError'],
    ['neither', '<Fault/>', undefined],
    ['no detail', '', undefined],
  ])('are named by %s', async (_how, detail, errorType) => {
    const error = await errorOf(bytes(fault('The operation is not allowed in the current state.', detail)));
    expect(error).toBeInstanceOf(ApiFault);
    expect(error).toMatchObject({
      operation: 'RebootHost_Task',
      status: 500,
      errorType,
      messages: ['The operation is not allowed in the current state.'],
    });
  });

  it('are read as vcsim sends them, members included', async () => {
    expect(await errorOf(bytes(xml(500, envelope(OBJECT_GONE))))).toMatchObject({
      errorType: 'ManagedObjectNotFound',
      messages: [],
      data: { obj: { type: 'HostSystem', id: 'host-99999' } },
    });
    expect(await errorOf(bytes(xml(500, envelope(METHOD_UNKNOWN))))).toMatchObject({
      errorType: 'MethodNotFound',
      data: { receiver: { type: 'HostSystem', id: 'host-30' }, method: 'RebootHost_Task' },
    });
  });

  it('keep what the server says beside the fault string', async () => {
    const detail =
      '<SystemErrorFault xsi:type="SystemError"><faultMessage><key>com.vmware.one</key><message>First.</message>' +
      '</faultMessage><faultMessage><key>com.vmware.two</key></faultMessage><reason>disk</reason></SystemErrorFault>';
    expect(await errorOf(bytes(fault('A general system error occurred', detail)))).toMatchObject({
      messages: ['A general system error occurred', 'First.'],
      messageIds: ['com.vmware.one', 'com.vmware.two'],
      data: { reason: 'disk' },
    });
  });
});

describe('an answer that is no answer', () => {
  const whole = envelope(`<RebootHost_TaskResponse xmlns="urn:vim25">${TASK_103}</RebootHost_TaskResponse>`);

  it('is an unknown outcome when the body is shorter than announced', async () => {
    const error = await errorOf((socket) => socket.end(xml(200, whole).slice(0, -40)));
    expect(error).toMatchObject({ name: 'OutcomeUnknown', reason: 'body-cut-short' });
  });

  it('is an unknown outcome when only the end of the connection tells the length, and the XML is not whole', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\nconnection: close\r\n\r\n';
    expect(await errorOf((socket) => socket.end(head + whole.slice(0, -40)))).toMatchObject({
      name: 'OutcomeUnknown',
      reason: 'body-cut-short',
    });
    expect(await errorOf((socket) => socket.end(head + whole))).toBeUndefined();
  });

  it('is an unknown outcome when the connection ends instead', async () => {
    expect(await errorOf((socket) => socket.destroy())).toMatchObject({ name: 'OutcomeUnknown' });
  });

  it('is an unknown outcome when a proxy answers for the service: 503 with a page, 200 with a page', async () => {
    for (const status of [200, 502, 503, 504]) {
      const error = await errorOf(bytes(xml(status, '<html><body>no healthy upstream</body></html>')));
      expect(error).toBeInstanceOf(OutcomeUnknown);
      expect(error).toMatchObject({ reason: 'answer-broken', detail: `status ${status}: no SOAP envelope` });
    }
    expect(await errorOf(bytes(xml(503, 'no healthy upstream')))).toBeInstanceOf(OutcomeUnknown);
  });

  it('is a refusal when the call may be repeated all the same, or when the status is below 500', async () => {
    const page = '<html><body>no healthy upstream</body></html>';
    const unavailable = await errorOf(bytes(xml(503, page)), { ...REBOOT, repeatable: true });
    expect(unavailable).toBeInstanceOf(ApiFault);
    expect(unavailable).toMatchObject({ status: 503, errorType: undefined, messages: [] });
    expect(await errorOf(bytes(xml(404, page)))).toMatchObject({ name: 'ApiFault', status: 404, messages: [] });
  });

  it('is not understood when it answers another method, but the call was carried out', async () => {
    const error = await errorOf(bytes(success('RebootHost', TASK_103)));
    expect(error).toBeInstanceOf(AnswerNotUnderstood);
  });

  it('is an unknown outcome when it is forbidden XML', async () => {
    const doctype = whole.replace('?>', '?><!DOCTYPE x [<!ENTITY y "z">]>');
    expect(await errorOf(bytes(xml(200, doctype)))).toMatchObject({ name: 'OutcomeUnknown', reason: 'answer-broken' });
  });

  it('is not even asked for when nobody listens', async () => {
    await using server = await startRawServer(() => undefined);
    const transport = transportTo(server);
    await server[Symbol.asyncDispose]();
    await expect(new SoapClient(transport).call(REBOOT)).rejects.toBeInstanceOf(NotSent);
    transport.close();
  });
});

describe('connections', () => {
  it('are kept for calls that may be repeated, and fresh for all others', async () => {
    await using server = await startRawServer(bytes(success('RebootHost_Task', TASK_103)));
    const transport = transportTo(server);
    const soap = new SoapClient(transport);
    for (const repeatable of [true, true, false, false]) await soap.call({ ...REBOOT, repeatable });
    transport.close();
    expect(server.requests.map((request) => request.connection)).toEqual([1, 1, 2, 3]);
  });
});
