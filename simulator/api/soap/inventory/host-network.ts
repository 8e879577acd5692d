import type { Host } from '../../../world/state';
import type { World } from '../../../world/world';
import type { PropertyReaders } from '../managed-object';
import { soapFault } from '../vim25/faults';
import { MoRef, type DataObject } from '../vim25/values';
import { OWN_HOST } from './references';

/** What a VMkernel adapter may be used for (`HostVirtualNicManagerNicType` of 8.0, documented). */
const NIC_TYPES = [
  'vmotion',
  'faultToleranceLogging',
  'vSphereReplication',
  'vSphereReplicationNFC',
  'management',
  'vsan',
  'vSphereProvisioning',
  'vsanWitness',
  'vSphereBackupNFC',
  'ptp',
  'nvmeTcp',
  'nvmeRdma',
];

/** A host's virtual adapters are managed beside it: `host-21` has `virtualNicManager-21` (guessed, as recorded for services). */
export function virtualNicManagerRef({ moid }: Pick<Host, 'moid'>): MoRef {
  const id = moid === OWN_HOST ? 'ha-vnic-mgr' : moid.replace(/^host/, 'virtualNicManager');
  return new MoRef('HostVirtualNicManager', id);
}

/** Properties of a HostVirtualNicManager: it is read of the host that it belongs to. */
export function virtualNicManagerReaders(world: World): PropertyReaders<Host> {
  return {
    value: () => [],
    availableField: () => [],
    info: (host) => virtualNicManagerInfo(world, host),
  };
}

/** HostNetworkInfo: `vmk0`, by which the host is managed, and the names it has. The world knows no other network. */
export function networkInfo(world: World, host: Host): DataObject {
  const [hostName = host.name, ...domain] = host.name.split('.');
  return {
    vnic: [managementAdapter(world, host)],
    dnsConfig: { dhcp: false, hostName, domainName: domain.join('.'), address: [], searchDomain: [] },
  };
}

/** HostVirtualNicManagerInfo: which adapter serves what. */
export function virtualNicManagerInfo(world: World, host: Host): DataObject {
  return { netConfig: NIC_TYPES.map((nicType) => netConfig(world, host, nicType)) };
}

/**
 * VirtualNicManagerNetConfig for one kind of traffic; `vmk0` is selected for management and for nothing else.
 * @throws SoapFault InvalidArgument for a kind that there is not (documented)
 */
export function netConfig(world: World, host: Host, nicType: string): DataObject {
  if (!NIC_TYPES.includes(nicType)) {
    throw soapFault('InvalidArgument', `"${nicType}" is no type of virtual NIC.`, { invalidProperty: 'nicType' });
  }
  const adapter = managementAdapter(world, host);
  const key = `${nicType}.${KEY}`;
  return {
    nicType,
    multiSelectAllowed: nicType !== 'faultToleranceLogging',
    candidateVnic: [{ ...adapter, key }],
    selectedVnic: nicType === 'management' ? [key] : [],
  };
}

const KEY = 'key-vim.host.VirtualNic-vmk0';

/** HostVirtualNic. The address is one of TEST-NET-1 (RFC 5737), since no machine has it: the real one is 127.0.0.1. */
function managementAdapter(world: World, host: Host): DataObject {
  const number = 1 + (world.state.hosts.findIndex(({ name }) => name === host.name) % 254);
  return {
    device: 'vmk0',
    key: KEY,
    portgroup: 'Management Network',
    spec: {
      ip: { dhcp: false, ipAddress: `192.0.2.${number}`, subnetMask: '255.255.255.0' },
      mac: `00:50:56:00:02:${number.toString(16).padStart(2, '0')}`,
      mtu: 1500,
    },
  };
}
