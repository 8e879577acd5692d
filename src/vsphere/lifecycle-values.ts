import { anything, id, list, mapOf, number, object, oneOf, string, timestamp, type Decoded } from './decode';
import { localizableMessage, notifications } from './localizable-message';

/** Values of vLCM (`com.vmware.esx.settings`) that several of its resources share. Fields not named here are kept. */

/** `8.0.3-0.0.24674464`: a base image version as depot and desired image write it. */
const baseImage = object(
  { version: string },
  { details: object({}, { display_name: string, display_version: string, release_date: timestamp }) },
);
const addOn = object(
  { name: string, version: string },
  { details: object({}, { display_name: string, vendor: string }) },
);
/** `version` missing: the component is removed from the image. */
const component = object({}, { version: string });

/** A desired image. `removed_components` since 8.0.3.0. */
export const softwareInfo = object(
  { base_image: baseImage, components: mapOf(component) },
  { add_on: addOn, solutions: mapOf(anything), hardware_support: anything, removed_components: mapOf(component) },
);
export type SoftwareInfo = Decoded<typeof softwareInfo>;

const complianceStatus = oneOf('COMPLIANT', 'NON_COMPLIANT', 'INCOMPATIBLE', 'UNAVAILABLE');
/** PARTIAL_MAINTENANCE_MODE_REQUIRED since 8.0.3.0: the host would be patched without a boot (Quick Patch). */
const impact = oneOf(
  'NO_IMPACT',
  'PARTIAL_MAINTENANCE_MODE_REQUIRED',
  'MAINTENANCE_MODE_REQUIRED',
  'REBOOT_REQUIRED',
  'UNKNOWN',
);

const hostCompliance = object(
  { status: complianceStatus, impact, scan_time: timestamp },
  {
    commit: string,
    stage_status: oneOf('STAGED', 'NOT_STAGED'),
    base_image: object({ status: complianceStatus }, { current: baseImage, target: baseImage }),
    notifications,
    impact_details: anything,
  },
);

/** Compliance of a cluster as of `scan_time`; `commit` is the desired image that it was compared with. */
export const clusterCompliance = object(
  {
    status: complianceStatus,
    impact,
    scan_time: timestamp,
    compliant_hosts: list(id),
    non_compliant_hosts: list(id),
    incompatible_hosts: list(id),
    unavailable_hosts: list(id),
    hosts: mapOf(hostCompliance),
  },
  { commit: string, stage_status: oneOf('STAGED', 'NOT_STAGED'), notifications },
);
export type ClusterCompliance = Decoded<typeof clusterCompliance>;

const applyStatus = object(
  { status: oneOf('RUNNING', 'OK', 'SKIPPED', 'TIMED_OUT', 'ERROR', 'RETRY_PENDING'), start_time: timestamp },
  {
    end_time: timestamp,
    progress: object({}, { total: number, completed: number, message: localizableMessage }),
    notifications,
  },
);

/**
 * What came of an apply or a stage: SUCCEEDED of the task says nothing about a host, these lists do.
 * In `last-apply-result` it must name exactly the hosts that were asked for, else it is somebody else's.
 */
export const applyResult = object(
  {
    commit: string,
    host_status: mapOf(applyStatus),
    successful_hosts: list(id),
    failed_hosts: list(id),
    skipped_hosts: list(id),
  },
  { status: applyStatus, notifications, host_info: mapOf(object({}, { name: string })) },
);
export type ApplyResult = Decoded<typeof applyResult>;

const checkOutcome = oneOf('OK', 'WARNING', 'TIMEOUT', 'ERROR', 'RETRY');
const checkStatus = object(
  { check: object({ check: string }, { name: localizableMessage }), status: checkOutcome },
  { issues: list(localizableMessage) },
);
const entityResult = object(
  { type: oneOf('CLUSTER', 'HOST'), status: checkOutcome, check_statuses: list(checkStatus) },
  { cluster: string, host: string },
);

/** Result of a check: one verdict, one per cluster and host, and one per single check. */
export const checkResult = object({
  status: checkOutcome,
  commit: string,
  start_time: timestamp,
  end_time: timestamp,
  entity_results: list(entityResult),
});
export type CheckResult = Decoded<typeof checkResult>;
