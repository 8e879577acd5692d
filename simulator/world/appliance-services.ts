import { Fault } from './fault';
import type { Appliance } from './appliance-state';
import type { VCenter } from './state';
import type { World } from './world';

/** Services of an appliance, by the names that `GET /api/vcenter/services` uses. */
const SERVICES: Readonly<Record<string, string>> = {
  applmgmt: 'Appliance Management Service',
  certificatemgmt: 'Certificate Management Service',
  lookupsvc: 'Lookup Service',
  rhttpproxy: 'HTTP Reverse Proxy',
  trustmanagement: 'Trust Management Service',
  updatemgr: 'VMware Update Manager',
  'vapi-endpoint': 'vAPI Endpoint',
  vlcm: 'vSphere Lifecycle Manager',
  vmdird: 'VMware Directory Service',
  vpostgres: 'VMware Postgres',
  vpxd: 'vCenter Server',
  'vsphere-ui': 'vSphere Client',
};

type Service = Appliance['services'][number];

/** Services of a new appliance, all running. */
export function defaultServices(): Service[] {
  return Object.entries(SERVICES).map(([name, description]) => ({ name, description, running: true }));
}

/** @throws Fault NOT_FOUND */
export function applianceService(vCenter: VCenter, name: string): Service {
  const service = vCenter.appliance.services.find((candidate) => candidate.name === name);
  if (!service) throw new Fault('NOT_FOUND', `The service ${name} does not exist.`);
  return service;
}

/** Starts a service. @throws Fault NOT_FOUND; NOT_ALLOWED_IN_CURRENT_STATE when it runs already (guessed) */
export function startApplianceService(world: World, vCenter: VCenter, name: string): void {
  const service = applianceService(vCenter, name);
  if (service.running) throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `${name} is started already.`);
  service.running = true;
  world.events.add('service-started', { vCenter: vCenter.id }, { service: name });
}

/** Stops a service. @throws Fault NOT_FOUND; NOT_ALLOWED_IN_CURRENT_STATE when it does not run (guessed) */
export function stopApplianceService(world: World, vCenter: VCenter, name: string): void {
  const service = applianceService(vCenter, name);
  if (!service.running) throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `${name} is stopped already.`);
  service.running = false;
  world.events.add('service-stopped', { vCenter: vCenter.id }, { service: name });
}

/** Restarts a service, or starts it. @throws Fault NOT_FOUND */
export function restartApplianceService(world: World, vCenter: VCenter, name: string): void {
  applianceService(vCenter, name).running = true;
  world.events.add('service-restarted', { vCenter: vCenter.id }, { service: name });
}
