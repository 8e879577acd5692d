import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { conformance } from '../../../simulator/scenarios/conformance';
import type { ScenarioInput } from '../../../simulator/scenarios/scenario.schema';
import { startSimulator, type Simulator } from '../../../simulator/simulator';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

/** Bytes to one endpoint over a real TLS socket, and what comes back. It knows nothing of vim25. */
export class Wire {
  readonly #agent: Agent;

  constructor(
    private readonly url: string,
    caFile: string,
  ) {
    this.#agent = new Agent({ ca: readFileSync(caFile), keepAlive: true });
  }

  post(body: string | Buffer, headers: Record<string, string> = {}, path = '/sdk'): Promise<Reply> {
    return this.#send('POST', path, { 'content-type': 'text/xml; charset=utf-8', ...headers }, body);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.#send('GET', path, headers, '');
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, headers: Record<string, string>, body: string | Buffer): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.url), { method, headers, agent: this.#agent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body, text: body.toString() });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

/** A request as pyvmomi writes it: prefixes soapenv and xsi, the method in the default namespace. */
export function soap(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>${body}</soapenv:Body>
</soapenv:Envelope>`;
}

/** A method on an object. */
export function method(name: string, type: string, id: string, parameters = ''): string {
  return soap(
    `<${name} xmlns="urn:vim25"><_this versionId="8.0.3.0" type="${type}">${id}</_this>${parameters}</${name}>`,
  );
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The scenario of these tests: short waits, no attestation that happens by itself, no fault. */
export function lab(more: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    ...conformance,
    ...more,
    durations: { ...FAST, ...more.durations },
  };
}

const FAST: ScenarioInput['durations'] = {
  enterMaintenanceMode: 30,
  exitMaintenanceMode: 20,
  vmMigration: 10,
  reboot: 300,
  quickBoot: 120,
  notRespondingAfter: 60,
  disconnect: 20,
  reconnect: 20,
  addHost: 30,
  removeHost: 20,
  serviceChange: 5,
  taskWork: 5,
  attestation: 30,
  attestationPeriod: 600_000,
};

export interface Lab extends AsyncDisposable {
  simulator: Simulator;
  workload: Client;
  authority: Client;
}

/** A client of one endpoint that is logged in. */
export class Client {
  cookie = '';

  constructor(
    readonly wire: Wire,
    readonly sessionManager = 'SessionManager',
  ) {}

  async login(user: string, password: string): Promise<this> {
    const reply = await this.wire.post(loginRequest(user, password, this.sessionManager));
    const cookie = reply.headers['set-cookie']?.[0];
    if (reply.status !== 200 || !cookie) throw new Error(`no login: ${reply.status} ${reply.text}`);
    this.cookie = cookie.split(';')[0] ?? '';
    return this;
  }

  call(name: string, type: string, id: string, parameters = ''): Promise<Reply> {
    return this.wire.post(method(name, type, id, parameters), { cookie: this.cookie });
  }

  /** One property by RetrievePropertiesEx: the text of `<val>`, or undefined when it is absent. */
  async read(type: string, id: string, path: string): Promise<string | undefined> {
    const spec = `<specSet><propSet><type>${type}</type><pathSet>${path}</pathSet></propSet><objectSet><obj type="${type}">${id}</obj></objectSet></specSet><options/>`;
    const reply = await this.call('RetrievePropertiesEx', 'PropertyCollector', 'propertyCollector', spec);
    if (reply.status !== 200) throw new Error(reply.text);
    return /<val[^>]*?(?:\/>|>(.*)<\/val>)/s.exec(reply.text)?.[1];
  }

  /** Starts a task and waits for its end. */
  async task(name: string, type: string, id: string, parameters = ''): Promise<{ state: string; info: string }> {
    const started = await this.call(name, type, id, parameters);
    if (started.status !== 200) return { state: 'refused', info: started.text };
    return this.taskEnd(returnValue(started.text));
  }

  async taskEnd(taskId: string): Promise<{ state: string; info: string }> {
    for (;;) {
      const info = (await this.read('Task', taskId, 'info')) ?? '';
      const state = /<state>(\w+)<\/state>/.exec(info)?.[1] ?? '';
      if (state !== 'queued' && state !== 'running') return { state, info };
      await sleep(15);
    }
  }
}

export function loginRequest(user: string, password: string, sessionManager = 'SessionManager'): string {
  const parameters = `<userName>${escaped(user)}</userName><password>${escaped(password)}</password>`;
  return method('Login', 'SessionManager', sessionManager, parameters);
}

/** The text of the first `returnval`. */
export function returnValue(text: string): string {
  return /<returnval[^>]*>([^<]*)<\/returnval>/.exec(text)?.[1] ?? '';
}

/** Type of the fault in a SOAP detail, by element name. */
export function faultOf(reply: Reply): string | undefined {
  return reply.status === 500 ? /<detail><(\w+)Fault[ >]/.exec(reply.text)?.[1] : undefined;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until `condition` holds; a test that waits for ever is ended by its own time limit. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await sleep(15);
}

/** A simulator and clients that are logged in to both its vCenters. */
export async function startLab(scenario: ScenarioInput = lab()): Promise<Lab> {
  const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-test-'));
  const simulator = await startSimulator({ scenario, directory });
  const { trustAuthority, trusted, caFile, username, password } = simulator.ready;
  const wires = [trusted[0]?.vCenter ?? '', trustAuthority.vCenter].map((url) => new Wire(url, caFile));
  const [workload, authority] = await Promise.all(wires.map((wire) => new Client(wire).login(username, password)));
  if (!workload || !authority) throw new Error('the scenario has no workload vCenter');
  const close = async (): Promise<void> => {
    wires.forEach((wire) => wire.close());
    await simulator.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { simulator, workload, authority, [Symbol.asyncDispose]: close };
}
