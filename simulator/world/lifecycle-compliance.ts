import { sameImage, type EsxImage } from './image';
import { desiredCommit } from './lifecycle-cluster';
import { compareVersions, imageOfSpec } from './lifecycle-image';
import type {
  ClusterCompliance,
  ComplianceImpact,
  ComplianceStatus,
  HostCompliance,
  Note,
  SoftwareSpec,
} from './lifecycle-state';
import { note } from './lifecycle-validate';
import { remediationMethod } from './remediation-method';
import type { Cluster, Host, VCenter } from './state';
import type { World } from './world';

/** From best to worst; a cluster is as bad as its worst host (guessed). */
const STATUS_ORDER: readonly ComplianceStatus[] = ['COMPLIANT', 'UNAVAILABLE', 'NON_COMPLIANT', 'INCOMPATIBLE'];
const IMPACT_ORDER: readonly ComplianceImpact[] = [
  'NO_IMPACT',
  'UNKNOWN',
  'PARTIAL_MAINTENANCE_MODE_REQUIRED',
  'MAINTENANCE_MODE_REQUIRED',
  'REBOOT_REQUIRED',
];

/** Compares every host with the desired image and keeps the result. @throws Fault NOT_FOUND without a desired image */
export function scanCluster(world: World, vCenter: VCenter, cluster: Cluster): ClusterCompliance {
  const commit = desiredCommit(cluster);
  const compliance = { ...compareCluster(world, vCenter, cluster, commit.spec), commit: commit.id };
  cluster.lifecycle.compliance = compliance;
  return compliance;
}

/** The last scan; one is made when there is none yet (guessed: vCenter scans by itself from time to time). */
export function lastCompliance(world: World, vCenter: VCenter, cluster: Cluster): ClusterCompliance {
  return cluster.lifecycle.compliance ?? scanCluster(world, vCenter, cluster);
}

/** Compares every host of a cluster with a valid specification. */
export function compareCluster(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  spec: SoftwareSpec,
): ClusterCompliance {
  const target = imageOfSpec(vCenter.depot, spec);
  const hosts = Object.fromEntries(
    world
      .hostsOf(vCenter, cluster.moid)
      .map((host) => [host.moid, compareHost(world, vCenter, cluster, host, target)] as const),
  );
  const rows = Object.values(hosts);
  return {
    status: worst(
      STATUS_ORDER,
      rows.map((row) => row.status),
    ),
    impact: worst(
      IMPACT_ORDER,
      rows.map((row) => row.impact),
    ),
    staged: rows.length > 0 && rows.every((row) => row.staged || row.status === 'COMPLIANT'),
    scanTime: world.clock.now(),
    hosts,
  };
}

function worst<T>(order: readonly T[], values: readonly T[]): T {
  return order[Math.max(0, ...values.map((value) => order.indexOf(value)))] as T;
}

function compareHost(world: World, vCenter: VCenter, cluster: Cluster, host: Host, target: EsxImage): HostCompliance {
  const { status, impact, notes } = judge(world, vCenter, cluster, host, target);
  return {
    name: host.name,
    status,
    impact,
    staged: host.stagedImage !== null && sameImage(host.stagedImage, target),
    current: host.runningImage,
    target,
    notes,
    scanTime: world.clock.now(),
  };
}

function judge(
  world: World,
  vCenter: VCenter,
  cluster: Cluster,
  host: Host,
  target: EsxImage,
): Pick<HostCompliance, 'status' | 'impact' | 'notes'> {
  const row = (status: ComplianceStatus, impact: ComplianceImpact, ...notes: Note[]) => ({ status, impact, notes });
  if (host.connectionState !== 'connected' || !host.up) {
    const text = `${host.name} cannot be reached.`;
    return row('UNAVAILABLE', 'UNKNOWN', note(world, 'ERROR', 'host-unavailable', text));
  }
  if (sameImage(host.runningImage, target)) return row('COMPLIANT', 'NO_IMPACT');
  if (compareVersions(target.baseImage, host.runningImage.baseImage) < 0) {
    const text = `${host.name} runs ${host.runningImage.baseImage}, which is newer than the image.`;
    return row('INCOMPATIBLE', 'UNKNOWN', note(world, 'ERROR', 'downgrade', text));
  }
  const live = remediationMethod(vCenter, cluster, host, target) === 'quick-patch';
  return row('NON_COMPLIANT', live ? 'PARTIAL_MAINTENANCE_MODE_REQUIRED' : 'REBOOT_REQUIRED');
}
