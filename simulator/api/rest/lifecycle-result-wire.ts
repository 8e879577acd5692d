import { iso } from '../../world/clock';
import type { EsxImage } from '../../world/image';
import type {
  ApplyResult,
  CheckedEntity,
  CheckResult,
  ClusterCompliance,
  ComplianceStatus,
  Depot,
  HostCompliance,
  HostOutcome,
} from '../../world/lifecycle-state';
import { addOnInfo, baseImageInfo, componentInfo, notifications, text } from './lifecycle-wire';

type Wire = Record<string, unknown>;

/** com.vmware.esx.settings.clusters.software.ApplyResult; staging and last-apply-result have the same fields. */
export function applyResult(result: ApplyResult): Wire {
  return {
    status: outcomeStatus(result),
    commit: result.commit,
    host_info: hostInfo(result.hosts),
    host_status: mapValues(result.hosts, outcomeStatus),
    successful_hosts: result.successful,
    failed_hosts: result.failed,
    skipped_hosts: result.skipped,
    notifications: notifications(result.notes),
  };
}

function outcomeStatus(outcome: Pick<HostOutcome, 'status' | 'startTime' | 'endTime' | 'notes'>): Wire {
  return {
    status: outcome.status,
    start_time: iso(outcome.startTime),
    end_time: iso(outcome.endTime),
    notifications: notifications(outcome.notes),
  };
}

/** com.vmware.esx.settings.clusters.software.CheckResult, also as last-check-result */
export function checkResult(result: CheckResult): Wire {
  const hosts = result.entities.filter((entity) => entity.type === 'HOST');
  return {
    status: result.status,
    start_time: iso(result.startTime),
    end_time: iso(result.endTime),
    commit: result.commit,
    host_info: Object.fromEntries(hosts.map((host) => [host.moid, { name: host.name }])),
    entity_results: result.entities.map(entityResult),
  };
}

function entityResult(entity: CheckedEntity): Wire {
  return {
    type: entity.type,
    ...(entity.type === 'HOST' ? { host: entity.moid } : { cluster: entity.moid }),
    status: entity.status,
    check_statuses: entity.checks.map((check) => ({
      check: {
        check: `com.vmware.simulator.lcm.check.${check.id}`,
        name: text('lcm.check.name', check.title),
        description: text('lcm.check.description', check.title),
      },
      status: check.status,
      issues: check.issues.map((issue) => text('lcm.check.issue', issue)),
    })),
  };
}

/** com.vmware.esx.settings.ClusterCompliance */
export function clusterCompliance(depot: Depot, compliance: ClusterCompliance): Wire {
  const withStatus = (status: ComplianceStatus) =>
    Object.keys(compliance.hosts).filter((moid) => compliance.hosts[moid]?.status === status);
  return {
    impact: compliance.impact,
    status: compliance.status,
    stage_status: compliance.staged ? 'STAGED' : 'NOT_STAGED',
    notifications: {},
    scan_time: iso(compliance.scanTime),
    ...(compliance.commit === undefined ? {} : { commit: compliance.commit }),
    compliant_hosts: withStatus('COMPLIANT'),
    non_compliant_hosts: withStatus('NON_COMPLIANT'),
    incompatible_hosts: withStatus('INCOMPATIBLE'),
    unavailable_hosts: withStatus('UNAVAILABLE'),
    hosts: mapValues(compliance.hosts, (host) => hostCompliance(depot, host, compliance.commit)),
    host_info: hostInfo(compliance.hosts),
  };
}

function hostCompliance(depot: Depot, host: HostCompliance, commit: string | undefined): Wire {
  const { current, target } = host;
  return {
    impact: host.impact,
    status: host.status,
    stage_status: host.staged ? 'STAGED' : 'NOT_STAGED',
    notifications: notifications(host.notes),
    scan_time: iso(host.scanTime),
    ...(commit === undefined ? {} : { commit }),
    base_image: {
      status: part(host, current.baseImage === target.baseImage),
      current: baseImageInfo(depot, current.baseImage),
      target: baseImageInfo(depot, target.baseImage),
      notifications: {},
    },
    add_on: {
      status: part(host, sameAddOn(current, target)),
      ...(current.addOn ? { current: addOnInfo(depot, current.addOn) } : {}),
      ...(target.addOn ? { target: addOnInfo(depot, target.addOn) } : {}),
      notifications: {},
    },
    components: componentCompliance(depot, host),
    solutions: {},
  };
}

function componentCompliance(depot: Depot, host: HostCompliance): Record<string, Wire> {
  const { current, target } = host;
  const names = new Set([...Object.keys(current.components), ...Object.keys(target.components)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const now = current.components[name];
      const wanted = target.components[name];
      return [
        name,
        {
          status: part(host, now === wanted),
          ...(now === undefined ? {} : { current: componentInfo(depot, name, now), current_source: 'USER' }),
          ...(wanted === undefined ? {} : { target: componentInfo(depot, name, wanted), target_source: 'USER' }),
          notifications: {},
        },
      ];
    }),
  );
}

/** Status of one part of the image: alike is compliant, whatever the whole is. */
function part(host: HostCompliance, alike: boolean): ComplianceStatus {
  if (host.status === 'UNAVAILABLE') return 'UNAVAILABLE';
  if (alike) return 'COMPLIANT';
  return host.status === 'INCOMPATIBLE' ? 'INCOMPATIBLE' : 'NON_COMPLIANT';
}

function sameAddOn(a: EsxImage, b: EsxImage): boolean {
  return a.addOn?.name === b.addOn?.name && a.addOn?.version === b.addOn?.version;
}

function hostInfo(hosts: Record<string, { name: string }>): Record<string, Wire> {
  return mapValues(hosts, ({ name }) => ({ name }));
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
