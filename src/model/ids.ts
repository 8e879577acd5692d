/** Names that outlive the code: they stand in histories, registries and shell scripts, and are never changed. */

/** The task queue on which workers of this package poll, and on which runs are started. */
export const TASK_QUEUE = 'vta-upgrade';

/**
 * The workflow id of the run of an infrastructure. The id is the lock (R10): the server lets one run be open under it.
 * @param infrastructure name of the infrastructure in the worker's configuration
 */
export function runWorkflowId(infrastructure: string): string {
  return `vta-upgrade:${infrastructure}`;
}

/**
 * The workflow id of the child that upgrades one vCenter.
 * @param vCenter host name of the vCenter, as in its URL
 */
export function vCenterWorkflowId(infrastructure: string, vCenter: string): string {
  return `${runWorkflowId(infrastructure)}:vcenter:${vCenter}`;
}

/**
 * The workflow id of the child that upgrades one host.
 * @param host name of the host in its vCenter
 */
export function hostWorkflowId(infrastructure: string, host: string): string {
  return `${runWorkflowId(infrastructure)}:host:${host}`;
}

/**
 * The workflow id of the ledger of an infrastructure, which outlives every run.
 * @param infrastructure name of the infrastructure in the worker's configuration
 */
export function ledgerWorkflowId(infrastructure: string): string {
  return `vta-ledger:${infrastructure}`;
}

/**
 * The id of the schedule of patch runs of an infrastructure, and what the ids of its patch runs begin with: Temporal
 * appends the time.
 * @param infrastructure name of the infrastructure in the worker's configuration
 */
export function patchScheduleId(infrastructure: string): string {
  return `vta-patch:${infrastructure}`;
}
