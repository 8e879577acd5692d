import { boolean, id, list, object, oneOf, string, type Decoded } from './decode';
import type { ClusterId, HostId } from './ids';
import type { RestClient } from './rest-client';
import { withQuery } from './rest-path';
import type { CallOptions } from './transport';

const host = object(
  { host: id, name: string, connection_state: oneOf('CONNECTED', 'DISCONNECTED', 'NOT_RESPONDING') },
  { power_state: oneOf('POWERED_ON', 'POWERED_OFF', 'STANDBY') },
);
/** A host; `power_state` only while it is CONNECTED. */
export type HostSummary = Decoded<typeof host>;

const cluster = object({ cluster: id, name: string, ha_enabled: boolean, drs_enabled: boolean });
export type ClusterSummary = Decoded<typeof cluster>;

const vm = object({ vm: id, name: string, power_state: oneOf('POWERED_ON', 'POWERED_OFF', 'SUSPENDED') });
export type VmSummary = Decoded<typeof vm>;

/** Fields that are given must all match; an empty list is left out, that is: matches everything. */
export interface HostFilter {
  readonly hosts?: readonly HostId[];
  readonly names?: readonly string[];
  readonly clusters?: readonly ClusterId[];
  readonly connection_states?: readonly ('CONNECTED' | 'DISCONNECTED' | 'NOT_RESPONDING')[];
}

/**
 * The inventory as REST shows it (`/api/vcenter`, since 6.5); maintenance mode, builds and boot times come over vim25.
 * Lists are limited by the server (2500 hosts, 4000 machines): UNABLE_TO_ALLOCATE_RESOURCE then.
 */
export class Inventory {
  constructor(private readonly rest: RestClient) {}

  /** `GET /api/vcenter/host` · repeatable. */
  hosts(filter: HostFilter = {}, options?: CallOptions): Promise<HostSummary[]> {
    const { hosts, names, clusters, connection_states } = filter;
    const to = withQuery('/api/vcenter/host', { hosts, names, clusters, connection_states });
    return this.rest.get(to, list(host), options);
  }

  /** `GET /api/vcenter/cluster` · repeatable. All, or those of these names. */
  clusters(names: readonly string[] = [], options?: CallOptions): Promise<ClusterSummary[]> {
    return this.rest.get(withQuery('/api/vcenter/cluster', { names }), list(cluster), options);
  }

  /** `GET /api/vcenter/vm?hosts=…` · repeatable. The virtual machines of one host. */
  vmsOfHost(hostId: HostId, options?: CallOptions): Promise<VmSummary[]> {
    if (hostId === '') throw new TypeError('the host must be named; without it this would list all machines');
    return this.rest.get(withQuery('/api/vcenter/vm', { hosts: [hostId] }), list(vm), options);
  }
}
