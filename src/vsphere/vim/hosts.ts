import type { CallOptions } from '../transport';
import {
  readTpmAttestation,
  readTrustAuthorityAttestation,
  type TpmAttestation,
  type TrustAuthorityAttestation,
} from './host-attestation';
import type { ObjectProperties } from './object-properties';
import type { PropertyCollector, Selection } from './property-collector';

/** A host as its vCenter knows it (`HostSystem`). Unset and unread values are `undefined`, never a guess. */
export interface HostSystem {
  /** Managed object id; another one once the host was removed and added again. */
  readonly id: string;
  readonly name: string;
  /** Id of its cluster; `undefined` for a stand-alone host. */
  readonly cluster: string | undefined;
  /** Hardware UUID: what identifies the machine over removing and adding it. */
  readonly uuid: string | undefined;
  /** ESXi version (`8.0.3`) and build, both as text. */
  readonly version: string | undefined;
  readonly build: string | undefined;
  /** ISO time as the server gave it. */
  readonly bootTime: string | undefined;
  /** `connected`, `notResponding` or `disconnected`. Of a host that is not connected, the rest is what was last known. */
  readonly connectionState: string;
  /** `poweredOn`, `poweredOff`, `standBy` or `unknown`. */
  readonly powerState: string;
  readonly inMaintenanceMode: boolean;
  readonly inQuarantineMode: boolean | undefined;
  readonly rebootRequired: boolean;
  readonly tpmAttestation: TpmAttestation | undefined;
  /**
   * One entry an attestation service. `undefined` where no Trust Authority is configured for its cluster, where the
   * server is older than 7.0.1, or where it could not be read (see `unreadable`): never "not attested".
   */
  readonly trustAuthorityAttestations: readonly TrustAuthorityAttestation[] | undefined;
  /** Ids of the virtual machines registered on it, powered on or not. */
  readonly virtualMachines: readonly string[];
  /** Properties that could not be read and why: path to the name of the fault. */
  readonly unreadable: Readonly<Record<string, string>>;
}

/** Versions as in `vim25` (`HostListSummary`, `HostRuntimeInfo`). */
const HOSTS: Selection = {
  type: 'HostSystem',
  paths: [
    'name',
    'parent',
    // Two places, since the first may be unset for a host that is not connected.
    'hardware.systemInfo.uuid',
    'summary.hardware.uuid',
    'summary.config.product',
    'runtime.bootTime',
    'runtime.connectionState',
    'runtime.powerState',
    'runtime.inMaintenanceMode',
    { path: 'runtime.inQuarantineMode', since: '6.5' },
    'summary.rebootRequired',
    { path: 'summary.tpmAttestation', since: '6.7' },
    { path: 'summary.trustAuthorityAttestationInfos', since: '7.0.1.0' },
    'vm',
  ],
};

/** Reads hosts. Privilege System.Read. All methods are repeatable; faults as in PropertyCollector. */
export class Hosts {
  readonly #properties: PropertyCollector;

  constructor(properties: PropertyCollector) {
    this.#properties = properties;
  }

  /** @throws ApiFault `ManagedObjectNotFound` if the vCenter has no such host */
  async read(hostId: string, options?: CallOptions): Promise<HostSystem> {
    return readHost(await this.#properties.ofObject(hostId, HOSTS, options));
  }

  /**
   * All hosts of a cluster, in no particular order.
   * @throws ApiFault `ManagedObjectNotFound` if the vCenter has no such cluster
   */
  async ofCluster(clusterId: string, options?: CallOptions): Promise<HostSystem[]> {
    const cluster = { type: 'ClusterComputeResource', id: clusterId };
    return (await this.#properties.inContainer(cluster, HOSTS, options)).map(readHost);
  }

  /** All hosts of the vCenter, in no particular order. */
  async all(options?: CallOptions): Promise<HostSystem[]> {
    return (await this.#properties.inContainer(undefined, HOSTS, options)).map(readHost);
  }
}

function readHost(host: ObjectProperties): HostSystem {
  const parent = host.required('parent').asReference();
  const product = host.optional('summary.config.product');
  const uuid = host.optional('hardware.systemInfo.uuid') ?? host.optional('summary.hardware.uuid');
  const tpm = host.optional('summary.tpmAttestation');
  return {
    id: host.object.id,
    name: host.required('name').asText(),
    cluster: parent.type === 'ClusterComputeResource' ? parent.id : undefined,
    uuid: uuid?.asText(),
    version: product?.text('version'),
    build: product?.text('build'),
    bootTime: host.optional('runtime.bootTime')?.asTime(),
    connectionState: host.required('runtime.connectionState').asText(),
    powerState: host.required('runtime.powerState').asText(),
    inMaintenanceMode: host.required('runtime.inMaintenanceMode').asFlag(),
    inQuarantineMode: host.optional('runtime.inQuarantineMode')?.asFlag(),
    rebootRequired: host.required('summary.rebootRequired').asFlag(),
    tpmAttestation: tpm === undefined ? undefined : readTpmAttestation(tpm),
    trustAuthorityAttestations: host
      .optional('summary.trustAuthorityAttestationInfos')
      ?.items()
      .map(readTrustAuthorityAttestation),
    virtualMachines: host
      .required('vm')
      .items()
      .map((vm) => vm.asReference().id),
    unreadable: host.unreadable(),
  };
}
