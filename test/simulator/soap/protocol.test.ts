import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { faultOf, loginRequest, method, soap, startLab, type Lab } from './vim-wire';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

const CONTENT = method('RetrieveServiceContent', 'ServiceInstance', 'ServiceInstance');

describe('the vim25 endpoint', () => {
  it('names the versions that a client may ask for, and none newer than itself', async () => {
    const reply = await lab.workload.wire.get('/sdk/vimServiceVersions.xml');
    expect(reply.status).toBe(200);
    expect(reply.text).toContain(
      '<namespaces version="1.0"><namespace><name>urn:vim25</name><version>8.0.2.0</version>',
    );
    expect(reply.text).toContain('<version>7.0.3.0</version>');
    expect(reply.text).not.toContain('8.0.3.0');
  });

  it('tells its service content to anybody', async () => {
    const reply = await lab.workload.wire.post(CONTENT, { cookie: '' });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('<RetrieveServiceContentResponse xmlns="urn:vim25"><returnval>');
    expect(reply.text).toContain('<rootFolder type="Folder">group-d1</rootFolder>');
    expect(reply.text).toContain('<apiType>VirtualCenter</apiType><apiVersion>8.0.2.0</apiVersion>');
  });

  it('does not care for prefixes, quotes, white space and SOAPAction', async () => {
    const body = `<?xml version='1.0'?>
      <E:Envelope xmlns:E='http://schemas.xmlsoap.org/soap/envelope/'><E:Header/>
        <E:Body> <x:RetrieveServiceContent xmlns:x='urn:vim25'>
          <x:_this type='ServiceInstance'>ServiceInstance</x:_this>
        </x:RetrieveServiceContent> </E:Body></E:Envelope>`;
    const reply = await lab.workload.wire.post(body, { soapaction: 'nonsense' });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('RetrieveServiceContentResponse');
  });

  it('writes a fault as <TypeFault> with xsi:type, with status 500', async () => {
    const reply = await lab.workload.wire.post(loginRequest('nobody', 'x'));
    expect(reply.status).toBe(500);
    expect(reply.text).toContain('<faultcode>ServerFaultCode</faultcode>');
    expect(reply.text).toMatch(/<detail><InvalidLoginFault xmlns="urn:vim25" xsi:type="InvalidLogin"\/><\/detail>/);
  });

  it.each([
    ['an unknown method', method('FlyToTheMoon', 'HostSystem', 'host-1'), 'MethodNotFound'],
    ['a method of another object', method('StartService', 'HostSystem', 'host-1'), 'MethodNotFound'],
    ['an unknown type', method('CurrentTime', 'Teapot', 'teapot-1'), 'MethodNotFound'],
    ['an unknown host', method('QueryTpmAttestationReport', 'HostSystem', 'host-9'), 'ManagedObjectNotFound'],
    ['an id of another type', method('QueryTpmAttestationReport', 'HostSystem', 'domain-c8'), 'ManagedObjectNotFound'],
    ['a parameter too many', method('CurrentTime', 'ServiceInstance', 'ServiceInstance', '<when/>'), 'InvalidRequest'],
    ['no _this', soap('<CurrentTime xmlns="urn:vim25"/>'), 'InvalidRequest'],
    ['an empty body', soap(''), 'InvalidRequest'],
    ['two methods', soap('<A xmlns="urn:vim25"/><B xmlns="urn:vim25"/>'), 'InvalidRequest'],
    ['another namespace', CONTENT.replace('urn:vim25', 'urn:vim2'), 'InvalidRequest'],
    ['no envelope', '<RetrieveServiceContent xmlns="urn:vim25"/>', 'InvalidRequest'],
    ['nothing', '', 'InvalidRequest'],
  ])('answers %s with the right fault', async (_what, body, fault) => {
    expect(faultOf(await lab.workload.wire.post(body, { cookie: lab.workload.cookie }))).toBe(fault);
  });

  it.each([
    ['out of order', '<evacuatePoweredOffVms>true</evacuatePoweredOffVms><timeout>0</timeout>'],
    ['missing', '<evacuatePoweredOffVms>true</evacuatePoweredOffVms>'],
    ['given twice', '<timeout>0</timeout><timeout>1</timeout>'],
    ['no number', '<timeout>soon</timeout>'],
    ['a structure', '<timeout><seconds>1</seconds></timeout>'],
  ])('refuses a parameter that is %s', async (_what, parameters) => {
    const host = lab.simulator.world.host('host-1.lab.example');
    const reply = await lab.workload.call('EnterMaintenanceMode_Task', 'HostSystem', host.moid, parameters);
    expect(faultOf(reply)).toBe('InvalidRequest');
    expect(host.busy).toBeNull();
  });

  it('answers other paths and methods without a fault of SOAP', async () => {
    expect((await lab.workload.wire.get('/sdk')).status).toBe(405);
    expect((await lab.workload.wire.post(CONTENT, {}, '/sdk/other')).status).toBe(404);
  });

  it('says 503 while its services start', async () => {
    const vCenter = lab.simulator.world.vCenter('workload-vc');
    vCenter.availability = 'starting';
    const reply = await lab.workload.wire.post(CONTENT);
    vCenter.availability = 'up';
    expect(reply.status).toBe(503);
  });
});

describe('XML that this server does not read', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  it.each([
    ['a DOCTYPE with entities', CONTENT.replace('<soapenv:Envelope', `${bomb}<soapenv:Envelope`)],
    [
      'a DOCTYPE alone',
      CONTENT.replace('<soapenv:Envelope', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><soapenv:Envelope'),
    ],
    ['an unknown entity', CONTENT.replace('>ServiceInstance<', '>&xxe;<')],
    ['a processing instruction', CONTENT.replace('<soapenv:Body>', '<?php evil ?><soapenv:Body>')],
    ['a prefix that nobody declared', CONTENT.replaceAll('soapenv:Body', 'soap:Body')],
    ['a tag that is not closed', CONTENT.replace('</_this>', '')],
    ['an attribute given twice', CONTENT.replace('type="ServiceInstance"', 'type="A" type="B"')],
    ['65 levels', soap('<a>'.repeat(65) + '</a>'.repeat(65))],
    ['more than a million characters', soap(`<a xmlns="urn:vim25">${'x'.repeat(1_000_000)}</a>`)],
    ['bytes that are no UTF-8', Buffer.concat([Buffer.from(CONTENT), Buffer.from([0xff, 0xfe])])],
  ])('refuses %s', async (_what, body) => {
    const reply = await lab.workload.wire.post(body);
    expect(faultOf(reply)).toBe('InvalidRequest');
    expect(reply.text).not.toContain('root:');
  });

  it('reads the five entities, character references and CDATA', async () => {
    const { username, password } = lab.simulator.ready;
    const odd = `&lt;&gt;&amp;&quot;&apos;&#x20;&#33;`;
    const wrong = await lab.workload.wire.post(
      method('Login', 'SessionManager', 'SessionManager', `<userName>${odd}</userName><password>x</password>`),
    );
    expect(faultOf(wrong)).toBe('InvalidLogin');
    expect(lab.simulator.world.events.all().at(-1)?.detail['user']).toBe(`<>&"' !`);
    const right = await lab.workload.wire.post(
      method(
        'Login',
        'SessionManager',
        'SessionManager',
        `<userName>${username}</userName><password><![CDATA[${password}]]></password>`,
      ),
    );
    expect(right.status).toBe(200);
  });
});
