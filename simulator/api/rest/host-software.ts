import { Fault } from '../../world/fault';
import { baseImageComponents, installedComponents } from '../../world/lifecycle-image';
import type { Host, VCenter } from '../../world/state';
import { route, type RestRoute } from './route';

type Wire = Record<string, unknown>;

/** What is installed on a host. */
export const hostSoftwareRoutes: readonly RestRoute[] = [
  route('com.vmware.esx.hosts.software.installed_components.list', ({ world, vCenter, path }) => {
    const host = reachable(world.hostByMoid(vCenter, path['host'] ?? ''));
    return Object.fromEntries(
      Object.entries(installedComponents(host.runningImage)).map(([name, version]) => [
        name,
        { display_name: displayName(vCenter, name), version, display_version: version },
      ]),
    );
  }),
  route('com.vmware.esx.hosts.software.get', ({ world, vCenter, query }) => {
    if (typeof query['host'] !== 'string') {
      throw new Fault('INVALID_ARGUMENT', 'Only auth_type EXISTING with a host of this vCenter is simulated.');
    }
    const host = reachable(world.hostByMoid(vCenter, query['host']));
    return { notifications: {}, software_info: softwareInfo(vCenter, host) };
  }),
];

/** guessed: which error a host that does not answer gives. */
function reachable(host: Host): Host {
  if (host.connectionState !== 'connected' || !host.up) {
    throw new Fault('SERVICE_UNAVAILABLE', `${host.name} does not answer.`);
  }
  return host;
}

/** com.vmware.esx.hosts.SoftwareInfo of what runs. */
function softwareInfo(vCenter: VCenter, { runningImage }: Host): Wire {
  const { baseImage, esxVersion, build, addOn, components } = runningImage;
  const entry = vCenter.depot.baseImages.find((image) => image.version === baseImage);
  const all = { ...baseImageComponents(baseImage), ...components };
  return {
    base_image: {
      version: baseImage,
      display_name: entry?.displayName ?? `ESXi ${esxVersion} - ${build}`,
      display_version: esxVersion,
      release_date: entry?.releaseDate ?? new Date(0).toISOString(),
    },
    ...(addOn ? { add_on: { ...addOn, display_name: addOn.name, vendor: '', display_version: addOn.version } } : {}),
    components: Object.fromEntries(
      Object.entries(all).map(([name, version]) => [
        name,
        { version, display_name: displayName(vCenter, name), display_version: version, vendor: '' },
      ]),
    ),
    solutions: {},
  };
}

function displayName(vCenter: VCenter, component: string): string {
  return vCenter.depot.components.find(({ name }) => name === component)?.displayName ?? component;
}
