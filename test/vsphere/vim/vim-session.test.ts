import { describe, expect, it } from 'vitest';
import { LoginRefused } from '../../../src/vsphere/errors';
import type { CredentialsSource } from '../../../src/vsphere/rest-session';
import { VimClient } from '../../../src/vsphere/vim/vim-client';
import { startRawServer } from '../support/raw-server';
import { AFTER_LOGOUT } from './support/recorded';
import { envelope, fault, notAuthenticated, object, page, success, xml } from './support/soap-bytes';
import { PYVMOMI } from './support/pyvmomi-requests';
import { clientOf, startVimServer, transportTo, versionDocument, type MethodAnswer } from './support/vim-server';

const NOW = '2026-11-24T23:25:46.565279807Z';
const time: MethodAnswer = () => success('CurrentTime', `<returnval>${NOW}</returnval>`);
const task = success('RebootHost_Task', '<returnval type="Task">task-1</returnval>');

/** Answers as a server for which only this session is alive. */
const onlyIn =
  (session: string, answer: MethodAnswer): MethodAnswer =>
  (call, nth, socket) =>
    call.cookie === `vmware_soap_session="${session}"` ? answer(call, nth, socket) : notAuthenticated();

const methods = (server: { calls: readonly { method: string }[] }) => server.calls.map((call) => call.method);

describe('the login', () => {
  it('comes with the first call: versions, content, account; then the cookie is sent as name and value only', async () => {
    await using server = await startVimServer({ CurrentTime: time });
    using client = clientOf(server);
    expect(await client.server.currentTime()).toBe(NOW);
    expect(methods(server)).toEqual(['RetrieveServiceContent', 'Login', 'CurrentTime']);
    expect(server.versionReads()).toBe(1);
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/sdk/vimServiceVersions.xml' });
    expect(server.requests[0]?.headers).not.toHaveProperty('cookie');
    expect(server.calls[1]?.body).toBe(
      '<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this><userName>upgrade@lab</userName>' +
        '<password>p&lt;&amp;&gt;&quot;w d </password></Login>',
    );
    expect(server.calls[2]?.cookie).toBe('vmware_soap_session="session-1"');
    expect(server.calls.map(({ request }) => request.headers['soapaction'])).toEqual(
      Array.from({ length: 3 }, () => '"urn:vim25/8.0.2.0"'),
    );
  });

  it('is shared by callers at the same time, and happens once', async () => {
    await using server = await startVimServer({ CurrentTime: time });
    using client = clientOf(server);
    await Promise.all(Array.from({ length: 8 }, () => client.server.currentTime()));
    expect(methods(server).filter((method) => method === 'Login')).toHaveLength(1);
  });

  it('asks for the account each time that it needs it, so that a rotated password is used', async () => {
    const passwords = ['old', 'new'];
    const rotating: CredentialsSource = () => Promise.resolve({ username: 'u', password: passwords.shift() ?? '' });
    await using server = await startVimServer({ CurrentTime: onlyIn('session-2', time) });
    using client = clientOf(server, { credentials: rotating });
    await client.server.currentTime();
    const logins = server.calls.filter((call) => call.method === 'Login').map((call) => call.body);
    expect(logins[0]).toContain('<password>old</password>');
    expect(logins[1]).toContain('<password>new</password>');
  });

  it('is refused with a class of its own and is not tried again by itself', async () => {
    const refused = fault('Cannot complete login.', '<InvalidLoginFault xmlns="urn:vim25" xsi:type="InvalidLogin"/>');
    await using server = await startVimServer({ Login: () => refused });
    using client = clientOf(server);
    const error = await client.server.currentTime().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LoginRefused);
    expect(String(error)).not.toContain('p<&>');
    expect(methods(server)).toEqual(['RetrieveServiceContent', 'Login']);
    await expect(client.server.currentTime()).rejects.toBeInstanceOf(LoginRefused);
    expect(methods(server).filter((method) => method === 'Login')).toHaveLength(2);
  });

  it('fails for all who wait when the account cannot be resolved, and is tried afresh by the next call', async () => {
    let resolves = false;
    const credentials: CredentialsSource = () =>
      resolves ? Promise.resolve({ username: 'u', password: 'p' }) : Promise.reject(new Error('no file'));
    await using server = await startVimServer({ CurrentTime: time });
    using client = clientOf(server, { credentials });
    const both = await Promise.allSettled([client.server.currentTime(), client.server.currentTime()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    resolves = true;
    expect(await client.server.currentTime()).toBe(NOW);
  });

  it('needs a cookie', async () => {
    const noCookie = success('Login', '<returnval><userName>u</userName></returnval>');
    await using server = await startVimServer({ Login: () => noCookie });
    using client = clientOf(server);
    await expect(client.server.currentTime()).rejects.toThrow(/sets no session cookie/);
  });

  it('carries the cookie that a server gives before the login', async () => {
    await using server = await startVimServer({
      RetrieveServiceContent: (_call, _nth, socket) => {
        socket.write(
          success(
            'RetrieveServiceContent',
            '<returnval><rootFolder type="Folder">f</rootFolder><propertyCollector type="PropertyCollector">p' +
              '</propertyCollector><viewManager type="ViewManager">v</viewManager><about><fullName>x</fullName>' +
              '<version>8.0.2</version><build>1</build><apiType>VirtualCenter</apiType><apiVersion>8.0.2.0</apiVersion>' +
              '</about><sessionManager type="SessionManager">SessionManager</sessionManager></returnval>',
            { 'set-cookie': 'vmware_soap_session=early; Path=/' },
          ),
        );
        return undefined;
      },
      Login: () => success('Login', '<returnval><userName>u</userName></returnval>'),
      CurrentTime: time,
    });
    using client = clientOf(server);
    await client.server.currentTime();
    expect(server.calls.map((call) => call.cookie)).toEqual([
      undefined,
      'vmware_soap_session=early',
      'vmware_soap_session=early',
    ]);
  });

  it('does not keep a caller who cancels or whose time is over, and goes on for the others', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const credentials: CredentialsSource = () => held.then(() => ({ username: 'u', password: 'p' }));
    await using server = await startVimServer({ CurrentTime: time });
    using client = clientOf(server, { credentials });
    const abort = new AbortController();
    const cancelled = client.server.currentTime({ signal: abort.signal });
    const hurried = client.server.currentTime({ deadlineMs: 50 });
    const patient = client.server.currentTime();
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'NotSent', reason: 'cancelled', operation: 'CurrentTime' });
    await expect(hurried).rejects.toMatchObject({ name: 'NotSent', reason: 'deadline' });
    release();
    expect(await patient).toBe(NOW);
    expect(methods(server).filter((method) => method === 'CurrentTime')).toHaveLength(1);
  });
});

describe('a session that has ended', () => {
  it('is renewed once, and the call repeated, when a fault says so', async () => {
    await using server = await startVimServer({ RebootHost_Task: onlyIn('session-2', () => task) });
    using client = clientOf(server);
    expect(await client.hostOperations.reboot('host-30', false)).toEqual({ type: 'Task', id: 'task-1' });
    expect(methods(server)).toEqual([
      'RetrieveServiceContent',
      'Login',
      'RebootHost_Task',
      'RetrieveServiceContent',
      'Login',
      'RebootHost_Task',
    ]);
  });

  it('is renewed when missingSet says so, with status 200', async () => {
    const whole = page([object('HostSystem', 'host-30', { name: 'host-1' })]);
    await using server = await startVimServer({
      RetrievePropertiesEx: (_call, nth) =>
        nth === 1 ? xml(200, envelope(AFTER_LOGOUT)) : success('RetrievePropertiesEx', whole),
    });
    using client = clientOf(server);
    const host = await client.properties.ofObject('host-30', { type: 'HostSystem', paths: ['name'] });
    expect(host.required('name').asText()).toBe('host-1');
    expect(server.calls.at(-1)?.cookie).toBe('vmware_soap_session="session-2"');
  });

  it('is renewed once for all who meet it at the same time', async () => {
    await using server = await startVimServer({ CurrentTime: onlyIn('session-2', time) });
    using client = clientOf(server);
    await Promise.all(Array.from({ length: 8 }, () => client.server.currentTime()));
    expect(methods(server).filter((method) => method === 'Login')).toHaveLength(2);
  });

  it('is not renewed for ever: a fresh session that is refused too is an error', async () => {
    await using server = await startVimServer({ RebootHost_Task: notAuthenticated });
    using client = clientOf(server);
    await expect(client.hostOperations.reboot('host-30', false)).rejects.toMatchObject({
      name: 'ApiFault',
      errorType: 'NotAuthenticated',
    });
    expect(methods(server).filter((method) => method === 'RebootHost_Task')).toHaveLength(2);
  });

  it('takes the view with it: the whole read begins again', async () => {
    await using server = await startVimServer({
      CreateContainerView: (_call, nth) =>
        success('CreateContainerView', `<returnval type="ContainerView">view-${nth}</returnval>`),
      RetrievePropertiesEx: onlyIn('session-2', () =>
        success('RetrievePropertiesEx', page([object('HostSystem', 'host-30', { name: 'a' })])),
      ),
    });
    using client = clientOf(server);
    const found = await client.properties.inContainer(undefined, { type: 'HostSystem', paths: ['name'] });
    expect(found.map(({ object: { id } }) => id)).toEqual(['host-30']);
    const read = server.calls.filter((call) => call.method === 'RetrievePropertiesEx').map((call) => call.body);
    expect(read[0]).toContain('<obj type="ContainerView">view-1</obj>');
    expect(read[1]).toContain('<obj type="ContainerView">view-2</obj>');
  });

  it('is no reason to repeat a call whose answer was lost', async () => {
    await using server = await startVimServer({
      RebootHost_Task: (_call, _nth, socket) => {
        socket.destroy();
        return undefined;
      },
    });
    using client = clientOf(server);
    await expect(client.hostOperations.reboot('host-30', false)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(methods(server).filter((method) => method === 'RebootHost_Task')).toHaveLength(1);
  });
});

describe('a server that was updated', () => {
  it('is spoken to in its new version, after its restart has ended the session', async () => {
    let versions = versionDocument('8.0.1.0', '7.0');
    await using server = await startVimServer(
      {
        CurrentTime: (call, nth, socket) => {
          if (nth === 1) return time(call, nth, socket);
          return onlyIn('session-2', time)(call, nth, socket);
        },
      },
      { versions: () => versions },
    );
    using client = clientOf(server);
    await client.server.currentTime();
    versions = versionDocument('8.0.3.0', '8.0.1.0', '7.0');
    await client.server.currentTime();
    const used = server.calls.filter((call) => call.method === 'CurrentTime');
    expect(used.map(({ request }) => request.headers['soapaction'])).toEqual([
      '"urn:vim25/8.0.1.0"',
      '"urn:vim25/8.0.1.0"',
      '"urn:vim25/8.0.3.0"',
    ]);
  });

  it('is asked for its versions again after a lost connection: one that was rolled back speaks less', async () => {
    let versions = versionDocument('8.0.2.0', '8.0.1.0');
    await using server = await startVimServer(
      {
        CurrentTime: (call, nth, socket) => {
          if (nth !== 2) return time(call, nth, socket);
          socket.destroy();
          return undefined;
        },
      },
      { versions: () => versions },
    );
    using client = clientOf(server);
    await client.server.currentTime();
    await expect(client.server.currentTime()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    versions = versionDocument('8.0.1.0', '8.0.0.1');
    await client.server.currentTime();
    expect(server.calls.at(-1)?.request.headers['soapaction']).toBe('"urn:vim25/8.0.1.0"');
    expect(methods(server).filter((method) => method === 'Login')).toHaveLength(2);
  });

  it('keeps the session after a lost connection when it is the same version', async () => {
    await using server = await startVimServer({
      CurrentTime: (call, nth, socket) => {
        if (nth !== 1) return time(call, nth, socket);
        socket.destroy();
        return undefined;
      },
    });
    using client = clientOf(server);
    await expect(client.server.currentTime()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    await client.server.currentTime();
    expect(server.versionReads()).toBe(2);
    expect(methods(server).filter((method) => method === 'Login')).toHaveLength(1);
  });

  it('may be gone altogether: then nothing was sent', async () => {
    const gone = await startRawServer(() => undefined);
    await gone[Symbol.asyncDispose]();
    const transport = transportTo(gone);
    const client = new VimClient({ transport, credentials: () => Promise.resolve({ username: 'u', password: 'p' }) });
    await expect(client.hostOperations.reboot('host-1', false)).rejects.toMatchObject({
      name: 'NotSent',
      reason: 'refused',
    });
    transport.close();
  });
});

describe('close', () => {
  it('logs out as pyvmomi does, and a later call logs in again', async () => {
    await using server = await startVimServer({ CurrentTime: time });
    using client = clientOf(server);
    await client.server.currentTime();
    await client.close();
    expect(server.calls.at(-1)).toMatchObject({
      body: PYVMOMI['logout'],
      cookie: 'vmware_soap_session="session-1"',
    });
    await client.server.currentTime();
    expect(server.calls.at(-1)?.cookie).toBe('vmware_soap_session="session-2"');
  });

  it('says nothing when there is no session, or when it has ended already', async () => {
    await using server = await startVimServer({ CurrentTime: time, Logout: notAuthenticated });
    using client = clientOf(server);
    await client.close();
    expect(server.calls).toEqual([]);
    await client.server.currentTime();
    await expect(client.close()).resolves.toBeUndefined();
  });
});
