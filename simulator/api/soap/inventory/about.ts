import type { EsxImage } from '../../../world/image';
import type { VCenter } from '../../../world/state';
import type { DataObject } from '../vim25/values';

const COMMON = { vendor: 'VMware, Inc.', localeVersion: 'INTL', localeBuild: '000' };

/** AboutInfo of a vCenter. vim25 knows three numbers of its version; the rest is the patch level (recorded: vcsim). */
export function aboutVCenter({ version, build, instanceUuid }: VCenter): DataObject {
  const release = version.split('.').slice(0, 3).join('.');
  return {
    ...COMMON,
    name: 'VMware vCenter Server',
    fullName: `VMware vCenter Server ${release} build-${build}`,
    version: release,
    patchLevel: version.split('.')[3] ?? '0',
    build,
    osType: 'linux-x64',
    productLineId: 'vpx',
    apiType: 'VirtualCenter',
    apiVersion: `${release}.0`,
    instanceUuid,
    licenseProductName: 'VMware VirtualCenter Server',
    licenseProductVersion: major(release),
  };
}

/** AboutInfo of the ESXi that runs on a host (recorded fields: `contract/vim25-recordings.json`, config.product). */
export function aboutEsxi({ esxVersion, build }: EsxImage): DataObject {
  return {
    ...COMMON,
    name: 'VMware ESXi',
    fullName: `VMware ESXi ${esxVersion} build-${build}`,
    version: esxVersion,
    patchLevel: '0.0',
    build,
    osType: 'vmnix-x86',
    productLineId: 'embeddedEsx',
    apiType: 'HostAgent',
    apiVersion: `${esxVersion}.0`,
    licenseProductName: 'VMware ESX Server',
    licenseProductVersion: major(esxVersion),
  };
}

function major(release: string): string {
  return `${release.split('.')[0]}.0`;
}
