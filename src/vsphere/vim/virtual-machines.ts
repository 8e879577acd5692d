import type { CallOptions } from '../transport';
import type { ObjectProperties } from './object-properties';
import type { PropertyCollector, Selection } from './property-collector';

/** A virtual machine as its vCenter knows it (`VirtualMachine`). */
export interface VirtualMachine {
  readonly id: string;
  readonly name: string;
  /** `poweredOn`, `poweredOff` or `suspended`. */
  readonly powerState: string;
  /** The key that it is encrypted with; `undefined` for one that is not. */
  readonly encryption: EncryptionKey | undefined;
  /** Properties that could not be read and why: path to the name of the fault. */
  readonly unreadable: Readonly<Record<string, string>>;
}

/** A key of a key provider (`CryptoKeyId`). */
interface EncryptionKey {
  readonly keyId: string;
  readonly providerId: string | undefined;
}

const VIRTUAL_MACHINES: Selection = {
  type: 'VirtualMachine',
  paths: ['name', 'runtime.powerState', { path: 'config.keyId', since: '6.5' }],
};

/** Reads virtual machines. Privilege System.Read. All methods are repeatable; faults as in PropertyCollector. */
export class VirtualMachines {
  readonly #properties: PropertyCollector;

  constructor(properties: PropertyCollector) {
    this.#properties = properties;
  }

  /**
   * Those registered on a host now, powered on or not; one that leaves while we read is left out.
   * @throws ApiFault `ManagedObjectNotFound` if the vCenter has no such host
   */
  async ofHost(hostId: string, options?: CallOptions): Promise<VirtualMachine[]> {
    const host = await this.#properties.ofObject(hostId, { type: 'HostSystem', paths: ['vm'] }, options);
    const ids = host
      .required('vm')
      .items()
      .map((vm) => vm.asReference().id);
    return (await this.#properties.ofExisting(ids, VIRTUAL_MACHINES, options)).map(readVirtualMachine);
  }
}

function readVirtualMachine(vm: ObjectProperties): VirtualMachine {
  const key = vm.optional('config.keyId');
  return {
    id: vm.object.id,
    name: vm.required('name').asText(),
    powerState: vm.required('runtime.powerState').asText(),
    encryption:
      key === undefined
        ? undefined
        : { keyId: key.text('keyId'), providerId: key.objectOrUnset('providerId')?.text('id') },
    unreadable: vm.unreadable(),
  };
}
