import type { Host } from '../../../world/state';
import { dataType } from '../vim25/type-table';
import type { DataObject } from '../vim25/values';

/** HostCapability: required flags that no rule depends on are true; those that matter follow the host. */
export function hostCapability(host: Host): DataObject {
  const required = (dataType('HostCapability')?.fields ?? []).filter(({ optional }) => !optional);
  return {
    ...Object.fromEntries(required.map(({ name }) => [name, true])),
    tpmSupported: host.tpm.present,
    ...(host.tpm.present ? { tpmVersion: '2.0' } : {}),
    txtEnabled: false,
    cryptoSupported: true,
    quickBootSupported: host.quickBootSupported,
    uefiSecureBoot: host.secureBoot,
  };
}
