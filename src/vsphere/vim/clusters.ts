import type { CallOptions } from '../transport';
import type { ObjectProperties } from './object-properties';
import type { PropertyCollector, Selection } from './property-collector';

/** A cluster as its vCenter knows it (`ClusterComputeResource`). */
export interface Cluster {
  readonly id: string;
  readonly name: string;
  /** Ids of its hosts. */
  readonly hosts: readonly string[];
  /** Whether DRS is on; `undefined` if the server does not say. */
  readonly drsEnabled: boolean | undefined;
  /**
   * `fullyAutomated`, `partiallyAutomated` or `manual`. Only the first evacuates a host that enters maintenance mode;
   * with the others the task waits for a person.
   */
  readonly drsAutomationLevel: string | undefined;
}

const CLUSTERS: Selection = { type: 'ClusterComputeResource', paths: ['name', 'host', 'configurationEx'] };

/** Reads clusters. Privilege System.Read. All methods are repeatable; faults as in PropertyCollector. */
export class Clusters {
  readonly #properties: PropertyCollector;

  constructor(properties: PropertyCollector) {
    this.#properties = properties;
  }

  /** @throws ApiFault `ManagedObjectNotFound` if the vCenter has no such cluster */
  async read(clusterId: string, options?: CallOptions): Promise<Cluster> {
    return readCluster(await this.#properties.ofObject(clusterId, CLUSTERS, options));
  }

  /** All clusters of the vCenter, in no particular order. */
  async all(options?: CallOptions): Promise<Cluster[]> {
    return (await this.#properties.inContainer(undefined, CLUSTERS, options)).map(readCluster);
  }
}

function readCluster(cluster: ObjectProperties): Cluster {
  const drs = cluster.optional('configurationEx')?.objectOrUnset('drsConfig');
  return {
    id: cluster.object.id,
    name: cluster.required('name').asText(),
    hosts: cluster
      .required('host')
      .items()
      .map((host) => host.asReference().id),
    drsEnabled: drs?.objectOrUnset('enabled')?.asFlag(),
    drsAutomationLevel: drs?.textOrUnset('defaultVmBehavior'),
  };
}
