import type { World } from '../../world/world';
import type { HttpHandler, HttpReply, HttpRequest } from '../http';
import type { RequestLog } from '../request-log';
import type { Site } from './site';
import { SoapServer, type Outcome } from './soap-server';
import { vCenterSite } from './vcenter-site';
import { versionsDocument } from './versions-document';

/** The vim25 endpoint (/sdk) of one vCenter. */
export function soapHandler(world: World, vCenterId: string, log: RequestLog): HttpHandler {
  return siteHandler(vCenterSite(world, vCenterId), log);
}

/** The vim25 endpoint of a site, be it a vCenter or an ESXi host. */
export function siteHandler(site: Site, log: RequestLog): HttpHandler {
  const server = new SoapServer(site);
  return async (request) => {
    const startedAt = site.world.clock.now();
    const { reply, ...outcome } = await answer(site, server, request);
    log.add({ startedAt, request, endpoint: site.endpoint, status: reply.status, ...outcome });
    return reply;
  };
}

async function answer(site: Site, server: SoapServer, request: HttpRequest): Promise<Outcome> {
  const nobody = { operation: null, error: null, user: null, fault: null };
  if (site.vCenter && site.vCenter.availability !== 'up') {
    return { ...nobody, reply: text(503, 'The services of this appliance are starting.') };
  }
  const path = request.path.replace(/\/+$/, '');
  if (request.method === 'GET' && path === '/sdk/vimServiceVersions.xml') {
    return { ...nobody, reply: xml(versionsDocument(site.apiVersion())) };
  }
  if (path !== '/sdk' && path !== '/sdk/vim25') return { ...nobody, reply: text(404, 'Not found.') };
  if (request.method !== 'POST') return { ...nobody, reply: text(405, 'The method is not allowed.') };
  return server.answer(request);
}

function xml(body: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

function text(status: number, body: string): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
