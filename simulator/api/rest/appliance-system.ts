import {
  applianceService,
  restartApplianceService,
  startApplianceService,
  stopApplianceService,
} from '../../world/appliance-services';
import { healthOf } from '../../world/appliance-health';
import { iso } from '../../world/clock';
import { Fault } from '../../world/fault';
import type { VCenter } from '../../world/state';
import { text } from './lifecycle-wire';
import { route, type RestRoute } from './route';

const HEALTH = 'com.vmware.appliance.health';
const SYSTEM = 'com.vmware.appliance.system';
const APPLIANCE_SERVICES = 'com.vmware.appliance.services';
const VCENTER_SERVICES = 'com.vmware.vcenter.services.service';

/** Operation of the contract to the name that a scenario's `health` uses. */
const PARTS = {
  applmgmt: 'applmgmt',
  databasestorage: 'database-storage',
  load: 'load',
  mem: 'mem',
  softwarepackages: 'software-packages',
  storage: 'storage',
  swap: 'swap',
  system: 'system',
} as const;

const ITEMS: readonly string[] = [...Object.keys(PARTS), ...Object.values(PARTS), 'database'];

/** Version, health, time and services of the appliance. */
export const applianceSystemRoutes: readonly RestRoute[] = [
  ...Object.entries(PARTS).map(([operation, part]) =>
    route(`${HEALTH}.${operation}.get`, ({ vCenter }) => healthOf(vCenter, part)),
  ),
  route(`${HEALTH}.system.lastcheck`, ({ world }) => iso(world.clock.now())),
  route(`${HEALTH}.database.get`, () => ({ status: 'HEALTHY', messages: [] })),
  route('com.vmware.appliance.health.messages', ({ path }) => {
    const item = path['item'] ?? '';
    // documented: NOT_FOUND for an unknown item. guessed: items are the parts that have a health of their own.
    if (!ITEMS.includes(item)) throw new Fault('NOT_FOUND', `There is no health item ${item}.`);
    return [];
  }),

  route(`${SYSTEM}.version.get`, ({ vCenter }) => version(vCenter)),
  route(`${SYSTEM}.uptime.get`, ({ world, vCenter }) => (world.clock.now() - vCenter.appliance.bootTime) / 1000),
  route(`${SYSTEM}.time.get`, ({ world }) => {
    const now = world.clock.now();
    const [date = '', time = ''] = iso(now).split('T');
    return { seconds_since_epoch: now / 1000, date, time: time.slice(0, 8), timezone: 'UTC' };
  }),

  route(`${APPLIANCE_SERVICES}.list`, ({ vCenter }) =>
    Object.fromEntries(vCenter.appliance.services.map((service) => [service.name, applianceServiceInfo(service)])),
  ),
  route(`${APPLIANCE_SERVICES}.get`, ({ vCenter, path }) =>
    applianceServiceInfo(applianceService(vCenter, path['id'] ?? '')),
  ),
  route(`${VCENTER_SERVICES}.list_details`, ({ vCenter }) =>
    Object.fromEntries(vCenter.appliance.services.map((service) => [service.name, serviceInfo(service)])),
  ),
  route(`${VCENTER_SERVICES}.get`, ({ vCenter, path }) => serviceInfo(applianceService(vCenter, path['id'] ?? ''))),
  ...[APPLIANCE_SERVICES, VCENTER_SERVICES].flatMap((service) => [
    route(`${service}.start`, ({ world, vCenter, path }) => startApplianceService(world, vCenter, path['id'] ?? '')),
    route(`${service}.stop`, ({ world, vCenter, path }) => stopApplianceService(world, vCenter, path['id'] ?? '')),
    route(`${service}.restart`, ({ world, vCenter, path }) =>
      restartApplianceService(world, vCenter, path['id'] ?? ''),
    ),
  ]),
];

/** com.vmware.appliance.system.version.VersionStruct */
function version(vCenter: VCenter): Record<string, unknown> {
  return {
    version: vCenter.version,
    build: vCenter.build,
    product: 'VMware vCenter Server',
    type: 'vCenter Server with an embedded Platform Services Controller',
    summary: `VC-${vCenter.version}`,
    releasedate: iso(vCenter.appliance.installTime).slice(0, 10),
    install_time: iso(vCenter.appliance.installTime),
  };
}

type Service = VCenter['appliance']['services'][number];

function applianceServiceInfo(service: Service): Record<string, unknown> {
  return { description: service.description, state: service.running ? 'STARTED' : 'STOPPED' };
}

/** com.vmware.vcenter.services.Service.Info: health belongs to a service that is started, and only to it. */
function serviceInfo(service: Service): Record<string, unknown> {
  return {
    name_key: `cis.${service.name}.ServiceName`,
    description_key: `cis.${service.name}.ServiceDescription`,
    startup_type: 'AUTOMATIC',
    state: service.running ? 'STARTED' : 'STOPPED',
    ...(service.running
      ? { health: 'HEALTHY', health_messages: [text('service.health', `${service.description} is healthy.`)] }
      : {}),
  };
}
