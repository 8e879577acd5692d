import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { controlHandler } from './api/control/control';
import { esxiHandler } from './api/esxi/endpoint';
import type { HttpHandler } from './api/http';
import { RequestLog } from './api/request-log';
import { startApply } from './api/rest/lifecycle-software';
import { restHandler } from './api/rest/router';
import { ROUTES } from './api/rest/routes';
import { startEndpoint, type Endpoint } from './api/server';
import { soapHandler } from './api/soap/endpoint';
import { buildWorld } from './scenarios/build-world';
import { loadScenario } from './scenarios/load-scenario';
import type { ScenarioInput } from './scenarios/scenario.schema';
import { newCertificate, type Site } from './scenarios/site';
import { thumbprint } from './world/certificates';
import { realClock, type Clock } from './world/clock';
import { followStrangers, STRANGER } from './world/lifecycle-strangers';
import type { World } from './world/world';
import { writeReadyFile, writeSiteFiles, type Addresses, type Ready } from './write-files';

export interface SimulatorOptions {
  /** Name of a shipped scenario, path of a scenario file, or a scenario itself. */
  scenario: string | ScenarioInput;
  /** Written, with mode 0600, once everything answers. */
  readyFile?: string;
  /** Where CA, secrets, infrastructure file and archive go; default: a temporary one, removed on close. */
  directory?: string;
  /** Address to listen on; default 127.0.0.1 (the certificates name it, and localhost). */
  host?: string;
  /** Fixed ports by id of the vCenter, name of the host, or `control`; default: any free one. */
  ports?: Record<string, number>;
  /** The world's time; default: the wall clock. */
  clock?: Clock;
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** What the ready file holds. */
  ready: Ready;
  /** The world itself, for tests in the same process. */
  world: World;
  requests: RequestLog;
  close(): Promise<void>;
}

/**
 * Starts a twin of a site: an HTTPS endpoint for each vCenter (REST and SOAP) and each ESXi host, and a control
 * endpoint.
 * @throws Error when the scenario is wrong or a port is taken
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const directory = resolve(options.directory ?? mkdtempSync(join(tmpdir(), 'vta-upgrade-simulator-')));
  const { world, site } = buildWorld(loadScenario(options.scenario), options.clock ?? realClock());
  followStrangers(world, (vCenter, cluster) => startApply(world, vCenter, cluster, STRANGER));
  const requests = new RequestLog(world.clock);
  const endpoints: Endpoint[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(endpoints.map((endpoint) => endpoint.close()));
    world.close();
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    const addresses = await startEndpoints(options, world, site, requests, endpoints);
    const ready = writeSiteFiles(directory, world, site, addresses);
    if (options.readyFile !== undefined) writeReadyFile(resolve(options.readyFile), ready);
    return { ready, world, requests, close, [Symbol.asyncDispose]: close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function startEndpoints(
  options: SimulatorOptions,
  world: World,
  site: Site,
  requests: RequestLog,
  endpoints: Endpoint[],
): Promise<Addresses> {
  const start = async (id: string, handler: HttpHandler, isDown?: () => boolean): Promise<Endpoint> => {
    const certificate = site.tls.get(id);
    const endpoint = await startEndpoint({
      handler,
      host: options.host ?? '127.0.0.1',
      port: options.ports?.[id] ?? 0,
      ...(certificate ? { tls: { cert: certificate.pem, key: certificate.key } } : {}),
      ...(isDown ? { isDown } : {}),
    });
    endpoints.push(endpoint);
    return endpoint;
  };
  const byId = new Map<string, Endpoint>();
  for (const vCenter of world.state.vCenters) {
    const rest = restHandler(world, vCenter.id, ROUTES, requests);
    const soap = soapHandler(world, vCenter.id, requests);
    const handler: HttpHandler = (request) => (/^\/sdk(\/|$)/.test(request.path) ? soap(request) : rest(request));
    byId.set(vCenter.id, await start(vCenter.id, handler, () => vCenter.availability === 'unreachable'));
  }
  for (const host of world.state.hosts) {
    byId.set(host.name, await start(host.name, esxiHandler(world, host.name, requests), () => !host.up));
  }
  const control = await start('control', controlHandler(world, requests));
  // A machine that goes down takes its connections with it.
  world.events.subscribe((event) => {
    if (event.what === 'vcenter-unreachable') byId.get(event.vCenter ?? '')?.cut();
    if (event.what === 'reboot-started') byId.get(event.host ?? '')?.cut();
    if (event.what === 'edited' && event.detail['edit'] === 'replace-certificate') {
      const { endpoint, by } = event.detail;
      const id = String(endpoint);
      const { pem, key } = newCertificate(site, id, by === 'site');
      const host = world.state.hosts.find(({ name }) => name === id);
      if (host !== undefined) Object.assign(host, { certificate: pem, sslThumbprint: thumbprint(pem) });
      byId.get(id)?.present({ cert: pem, key });
    }
  });
  const urls = (ids: string[]): Record<string, string> =>
    Object.fromEntries(ids.map((id) => [id, byId.get(id)?.url ?? '']));
  return {
    vCenters: urls(world.state.vCenters.map(({ id }) => id)),
    hosts: urls(world.state.hosts.map(({ name }) => name)),
    control: control.url,
  };
}
