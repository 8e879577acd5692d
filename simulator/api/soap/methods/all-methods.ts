import type { MethodTable } from '../site';
import { ACCOUNT_METHODS } from './account-methods';
import { CLUSTER_METHODS } from './cluster-methods';
import { COLLECTOR_METHODS } from './collector-methods';
import { DIAGNOSTIC_METHODS } from './diagnostic-methods';
import { HISTORY_METHODS } from './history-methods';
import { HOST_METHODS, OWN_HOST_METHODS } from './host-methods';
import { SERVICE_METHODS } from './service-methods';
import { SESSION_METHODS } from './session-methods';
import { VIEW_METHODS } from './view-methods';

/** Methods that a vCenter and an ESXi host both answer. */
const COMMON_METHODS: MethodTable = {
  ...SESSION_METHODS,
  ...VIEW_METHODS,
  ...COLLECTOR_METHODS,
  ...HISTORY_METHODS,
  ...SERVICE_METHODS,
  ...DIAGNOSTIC_METHODS,
  ...ACCOUNT_METHODS,
};

/** Methods of a vCenter. */
export const VCENTER_METHODS: MethodTable = { ...COMMON_METHODS, ...HOST_METHODS, ...CLUSTER_METHODS };

/** Methods of an ESXi host: it has no cluster, and nobody can disconnect it from itself. */
export const ESXI_METHODS: MethodTable = { ...COMMON_METHODS, ...OWN_HOST_METHODS };
