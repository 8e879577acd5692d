import type * as tls from 'node:tls';
import type { CredentialsSource } from '../../../../src/vsphere/rest-session';
import { createTransport, type Transport } from '../../../../src/vsphere/transport';
import { VimClient, type VimClientSettings } from '../../../../src/vsphere/vim/vim-client';
import { startRawServer, type RawRequest, type RawServer } from '../../support/raw-server';
import { success, xml } from './soap-bytes';

/** One SOAP call as it arrived. */
interface ReceivedCall {
  readonly method: string;
  /** The element of the method, without the envelope. */
  readonly body: string;
  readonly cookie: string | undefined;
  readonly request: RawRequest;
}

/** How a test answers a method: the bytes of the answer, or none (it writes to the socket itself). */
export type MethodAnswer = (call: ReceivedCall, nth: number, socket: tls.TLSSocket) => string | undefined;

export interface VimServer extends RawServer {
  /** All SOAP calls, in order. */
  readonly calls: readonly ReceivedCall[];
  /** How often the version document was read. */
  readonly versionReads: () => number;
}

/** Versions as a server lists them: the current one, then those it still speaks. */
export function versionDocument(current: string, ...prior: string[]): string {
  const versions = prior.map((version) => `<version>${version}</version>`).join('');
  return (
    `<?xml version="1.0" encoding="UTF-8"?><namespaces version="1.0"><namespace><name>urn:vsan</name>` +
    `<version>99.0</version></namespace><namespace><name>urn:vim25</name><version>${current}</version>` +
    `<priorVersions>${versions}</priorVersions></namespace></namespaces>`
  );
}

const CONTENT =
  '<returnval><rootFolder type="Folder">group-d1</rootFolder><propertyCollector type="PropertyCollector">propertyCollector' +
  '</propertyCollector><viewManager type="ViewManager">ViewManager</viewManager><about><name>VMware vCenter Server</name>' +
  '<fullName>VMware vCenter Server 8.0.2 build-0012</fullName><vendor>VMware, Inc.</vendor><version>8.0.2</version>' +
  '<build>0012</build><osType>linux-x64</osType><productLineId>vpx</productLineId><apiType>VirtualCenter</apiType>' +
  '<apiVersion>8.0.2.0</apiVersion><instanceUuid>6a1f</instanceUuid></about>' +
  '<sessionManager type="SessionManager">SessionManager</sessionManager><eventManager type="EventManager">EventManager' +
  '</eventManager><diagnosticManager type="DiagnosticManager">DiagMgr</diagnosticManager></returnval>';

/** A server that logs in whoever comes; each login sets another cookie (`session-1`, `session-2`, …). */
export async function startVimServer(
  answers: Record<string, MethodAnswer>,
  settings: { readonly versions?: () => string } = {},
): Promise<VimServer> {
  const calls: ReceivedCall[] = [];
  const counts = new Map<string, number>();
  let versionReads = 0;
  let logins = 0;
  const defaults: Record<string, MethodAnswer> = {
    RetrieveServiceContent: () => success('RetrieveServiceContent', CONTENT),
    Login: () =>
      success(
        'Login',
        '<returnval><key>k</key><userName>LAB\\upgrade</userName><fullName>Upgrade</fullName></returnval>',
        { 'set-cookie': `vmware_soap_session="session-${++logins}"; Path=/; HttpOnly; Secure; SameSite=None` },
      ),
    Logout: () => success('Logout', ''),
    CreateContainerView: () =>
      success('CreateContainerView', '<returnval type="ContainerView">session[52]view-1</returnval>'),
    DestroyView: () => success('DestroyView', ''),
  };
  const server = await startRawServer((socket, request) => {
    if (request.method === 'GET') {
      versionReads++;
      socket.write(xml(200, settings.versions?.() ?? versionDocument('8.0.2.0', '8.0.1.0', '7.0.3.0', '7.0', '6.9.1')));
      return;
    }
    const body = /<soapenv:Body>(.*)<\/soapenv:Body>/s.exec(request.body)?.[1] ?? '';
    const method = /^<(\w+)/.exec(body)?.[1] ?? '';
    const call = { method, body, cookie: request.headers['cookie'], request };
    calls.push(call);
    const nth = (counts.get(method) ?? 0) + 1;
    counts.set(method, nth);
    const answer = (answers[method] ?? defaults[method])?.(call, nth, socket);
    if (answer !== undefined) socket.write(answer);
  });
  return Object.assign(server, { calls, versionReads: () => versionReads });
}

const credentials: CredentialsSource = () => Promise.resolve({ username: 'upgrade@lab', password: 'p<&>"w d ' });

/** A transport to the server that trusts exactly its certificate. */
export function transportTo(server: RawServer): Transport {
  return createTransport({ url: server.url, trust: { kind: 'ca', pem: server.certificate.cert } });
}

/** A client of the server, closed (without a logout) with `using`. */
export function clientOf(server: RawServer, settings: Partial<VimClientSettings> = {}): VimClient & Disposable {
  const transport = transportTo(server);
  const client = new VimClient({ transport, credentials, ...settings });
  return Object.assign(client, { [Symbol.dispose]: () => transport.close() });
}
