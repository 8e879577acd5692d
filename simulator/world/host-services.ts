import { attestClientsLater } from './attestation';
import { Fault } from './fault';
import { checkConnected } from './host-maintenance';
import type { Host, HostService } from './state';
import type { World } from './world';

/** @throws Fault NotFound for an unknown key (documented) */
function serviceOf(host: Host, key: string): HostService {
  const service = host.services.find((candidate) => candidate.key === key);
  if (!service) throw new Fault('NotFound', `${host.name} has no service ${key}.`);
  return service;
}

/** Starts a service. @throws Fault NotFound, HostNotConnected, InvalidState (runs already) */
export function startService(world: World, host: Host, key: string): void {
  checkConnected(host);
  const service = serviceOf(host, key);
  if (service.running) throw new Fault('InvalidState', `${key} is running.`);
  service.running = host.brokenService !== key;
  world.hostEvent('service-started', host, { service: key });
  if (key === 'attestd' && service.running) attestClientsLater(world, [host], 'service-started');
}

/** Stops a service. @throws Fault NotFound, HostNotConnected, InvalidState (does not run) */
export function stopService(world: World, host: Host, key: string): void {
  checkConnected(host);
  const service = serviceOf(host, key);
  if (!service.running) throw new Fault('InvalidState', `${key} is not running.`);
  service.running = false;
  world.hostEvent('service-stopped', host, { service: key });
}

/** Restarts a service, or starts it. @throws Fault NotFound, HostNotConnected */
export function restartService(world: World, host: Host, key: string): void {
  checkConnected(host);
  const service = serviceOf(host, key);
  service.running = host.brokenService !== key;
  world.hostEvent('service-restarted', host, { service: key });
  if (key === 'attestd' && service.running) attestClientsLater(world, [host], 'service-started');
}

/** @throws Fault NotFound, HostNotConnected */
export function updateServicePolicy(host: Host, key: string, policy: HostService['policy']): void {
  checkConnected(host);
  serviceOf(host, key).policy = policy;
}
