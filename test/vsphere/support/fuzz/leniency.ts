/**
 * Where the product reads answers less strictly than the contract writes them, on purpose: by type (without
 * `com.vmware.`), the fields. Whoever begins to rely on one of them takes it out here, and the fuzzer holds the decoder
 * to it.
 */
type Fields = Readonly<Record<string, readonly string[]>>;

const UPDATE = ['description', 'priority', 'severity', 'release_date', 'size'];
const OUTCOME = ['end_time', 'notifications'];

/** Kept as they came: nobody reads them. */
export const AS_THEY_CAME: Fields = {
  'appliance.recovery.backup.job.details.info': ['location_user'],
  'appliance.recovery.backup.parts.part': ['description'],
  'appliance.update.pending.info': ['contents', 'services_will_be_stopped'],
  'esx.settings.cluster_compliance': ['host_info'],
  'esx.settings.clusters.software.apply_result': ['host_info'],
  'esx.settings.clusters.software.check_result': ['host_info'],
  'esx.settings.clusters.software.reports.last_apply_result.apply_result': ['host_info'],
  'esx.settings.clusters.software.stage_result': ['host_info'],
  // The time of a notification is for people: read as a text.
  'esx.settings.notification': ['type', 'time'],
  'esx.settings.software_info': ['solutions'],
  'vcenter.VM.summary': ['cpu_count', 'memory_size_MiB'],
};

/** Required by the contract, and not missed where they are missing. */
export const MAY_BE_MISSING: Fields = {
  'appliance.notification': ['id'],
  'appliance.recovery.backup.parts.part': ['name'],
  'appliance.system.version.version_struct': ['type', 'summary', 'releasedate', 'install_time'],
  'appliance.update.pending.info': [...UPDATE, 'eulas', 'knowledge_base'],
  'appliance.update.pending.question': ['description'],
  'appliance.update.staged.info': UPDATE,
  'appliance.update.summary': UPDATE,
  'esx.settings.cluster_compliance': ['notifications'],
  'esx.settings.clusters.policies.apply.effective.effective_policy_spec': ['enable_quick_boot'],
  'esx.settings.clusters.software.apply_status': OUTCOME,
  'esx.settings.clusters.software.check_status': ['issues'],
  'esx.settings.clusters.software.reports.last_apply_result.apply_status': OUTCOME,
  'esx.settings.clusters.software.stage_status': OUTCOME,
  'esx.settings.depot_content.base_images.summary': ['category', 'release_date'],
  'esx.settings.notification': ['id'],
  'vcenter.trusted_infrastructure.trust_authority_clusters.kms.providers.key_server_info': ['description'],
  'vcenter.trusted_infrastructure.trust_authority_hosts.attestation.summary': ['summary_type'],
  'vcenter.trusted_infrastructure.trust_authority_hosts.kms.summary': ['summary_type'],
};

/** The same as a set of `type.field`, with the whole names. */
export function fieldSet(fields: Fields): Set<string> {
  return new Set(Object.entries(fields).flatMap(([type, names]) => names.map((name) => `com.vmware.${type}.${name}`)));
}
