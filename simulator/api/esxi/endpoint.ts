import { imageDatabase } from '../../world/image-database';
import type { FaultRule } from '../../world/faults';
import type { Host } from '../../world/state';
import type { World } from '../../world/world';
import { basicCredentials, type HttpHandler, type HttpReply, type HttpRequest } from '../http';
import { deliverUnder, hangingReply, takeRequestFault } from '../request-faults';
import type { RequestLog } from '../request-log';
import { siteHandler } from '../soap/endpoint';
import { esxiSite } from './esxi-site';

/** Name of the export for faults and the request log. */
const EXPORT = 'GET boot_imgdb.tgz';

/**
 * The HTTPS endpoint of one ESXi host: its image database as a file, and vim25 of the host itself. Whether the host
 * answers at all (it boots, it is switched off) is the server's business.
 */
export function esxiHandler(world: World, hostName: string, log: RequestLog): HttpHandler {
  const soap = siteHandler(esxiSite(world, hostName), log);
  return async (request) => {
    if (/^\/sdk(\/|$)/.test(request.path)) return soap(request);
    const host = world.host(hostName);
    const startedAt = world.clock.now();
    const isExport = request.path === '/boot_imgdb.tgz';
    const reply = isExport ? await answerExport(world, host, request) : text(404, 'Not found.');
    log.add({
      startedAt,
      request,
      endpoint: host.name,
      operation: isExport ? EXPORT : null,
      status: reply.status,
      error: null,
      user: isExport && reply.status === 200 ? (basicCredentials(request.headers)?.user ?? null) : null,
    });
    return reply;
  };
}

async function answerExport(world: World, host: Host, request: HttpRequest): Promise<HttpReply> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'The method is not allowed.');
  const rule = takeRequestFault(world, { operation: EXPORT, vCenter: world.managerOf(host), host });
  if (rule?.kind === 'hang') return hangingReply(rule);
  if (rule?.kind === 'delay') await world.clock.sleep(rule.milliseconds ?? 1_000);
  if (rule?.kind === 'error') return text(500, rule.message ?? 'Injected by a fault of the scenario.');
  return deliverUnder(rule, exported(world, host, request, rule));
}

/**
 * documented: `GET https://{host}/boot_imgdb.tgz`, and that the file of a Quick Booted host describes the latest image
 * (R16). guessed: root's password by HTTP Basic. Both are switches of the scenario.
 */
function exported(world: World, host: Host, { headers }: HttpRequest, rule: FaultRule | null): HttpReply {
  const { imageExportNeedsLogin, imageExportDescribes } = world.settings.switches;
  const given = basicCredentials(headers);
  const known = given?.user === 'root' && given.password === host.rootPassword;
  if ((imageExportNeedsLogin && !known) || rule?.kind === 'session-expired') {
    const reply = text(401, 'Authentication is required.');
    return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Basic realm="VMware HTTP server"' } };
  }
  const image = imageExportDescribes === 'running' ? host.runningImage : host.bootedImage;
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: imageDatabase(image) };
}

function text(status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
