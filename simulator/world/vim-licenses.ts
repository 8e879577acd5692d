import { Fault } from './fault';
import type { Host } from './state';

/** A licence that can be assigned to a host. */
export interface License {
  key: string;
  edition: string;
  name: string;
  /** It holds vSphere Trust Authority (the feature is listed as `trustedplatform`). */
  trust: boolean;
}

const WITH_TRUST: License = {
  key: '00000-00000-00000-00000-00001',
  edition: 'esx.enterprisePlus.cpuPackage',
  name: 'VMware vSphere 8 Enterprise Plus',
  trust: true,
};

const WITHOUT_TRUST: License = {
  key: '00000-00000-00000-00000-00002',
  edition: 'esx.standard.cpuPackage',
  name: 'VMware vSphere 8 Standard',
  trust: false,
};

/** The licences of every vCenter of the simulator. The keys are made up. */
export const LICENSES: readonly License[] = [WITH_TRUST, WITHOUT_TRUST];

/** The licence of a host. */
export function licenseOf(host: Host): License {
  return host.trustLicence ? WITH_TRUST : WITHOUT_TRUST;
}

/** Assigns a licence to a host. @throws Fault InvalidArgument for a key that is not in stock */
export function assignLicense(host: Host, key: string): License {
  const license = LICENSES.find((candidate) => candidate.key === key);
  if (!license) {
    throw new Fault('InvalidArgument', 'The licence key is not valid.', { fields: { invalidProperty: 'licenseKey' } });
  }
  host.trustLicence = license.trust;
  return license;
}
