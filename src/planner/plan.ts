import type { HostFacts, Inventory } from '../model/inventory';
import type { MaintenanceModeChange } from '../model/ledger';
import {
  PHASE_TITLES,
  type Impact,
  type Phase,
  type Plan,
  type PlannedCluster,
  type PlannedHost,
  type PlannedReference,
  type PlanResult,
} from '../model/plan';
import type { PhaseNumber, UpgradeRequest } from '../model/request';
import { isAtTarget } from './at-target';
import { estimateMinutes } from './estimate';
import { hostOrder, type OrderedHost } from './host-order';
import { imageKey } from './image-key';
import { leftInMaintenanceMode } from './left-in-maintenance-mode';
import { bringsBackFirst, planLeftovers } from './leftovers';
import { isAtWork } from './open-children';
import { REFUSAL_RULES } from './rules/refusals';
import { BRING_BACK_WARNINGS, WARNING_RULES } from './rules/warnings';
import { removalLoses, trustedRemovalLoses } from './removal-loses';
import { reviewBaseImages } from './review-base-images';
import { isToBeRebooted, runScope, type ClusterInRun, type RunScope } from './run-scope';
import { notCovered } from './standing-approval';

const ALL_PHASES: PhaseNumber[] = [1, 2, 3, 4];

/**
 * Plans a run: what is upgraded to what, in which order, and what is left alone; or every reason against it at once.
 * Pure: the same request and inventory give the same answer, and `inventory.readAt` is the time.
 * @param request checked, with its defaults filled in
 * @param inventory what was read; what could not be read is `unknown` in it and never taken for healthy
 */
export function planUpgrade(request: UpgradeRequest, inventory: Inventory): PlanResult {
  const leftovers = planLeftovers(request, inventory);
  // What a host that is away means for the rest is judged once it is back.
  const first = bringsBackFirst(leftovers);
  const refusals = first ? [] : REFUSAL_RULES.flatMap((rule) => rule(request, inventory));
  if (refusals.length > 0) return { kind: 'refused', refusals };
  const scope = first ? { vCenters: [], clusters: [] } : runScope(request, inventory);
  const soakMs = request.soakMs ?? inventory.pace.soakMs;
  const phases = request.phases.map((number) => planPhase(number, scope, inventory, request));
  const reference = planReference(scope, inventory, request);
  const plan: Plan = {
    infrastructure: inventory.infrastructure,
    infrastructureDigest: inventory.infrastructureDigest,
    createdAt: inventory.readAt,
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    phases,
    clusters: scope.clusters.flatMap((inRun) => (inRun.toUpgrade.length === 0 ? [] : planCluster(inRun))),
    ...(reference === undefined ? {} : { reference }),
    baseImage: withDigest(request, inventory),
    quickBoot: request.quickBoot,
    approve: [...request.approve],
    failureBudget: request.failureBudget,
    ...(request.window === undefined ? {} : { window: request.window }),
    holds: [...inventory.holds],
    skipped: first ? [PLANNED_ANEW] : skipped(request, scope),
    warnings: (first ? BRING_BACK_WARNINGS : WARNING_RULES).flatMap((rule) => rule(request, inventory)),
    leftovers,
    ...(inventory.lastRun === undefined ? {} : { lastRun: inventory.lastRun }),
    waitFor: [...inventory.openChildren],
    baseImages: inventory.trustAuthority.services.baseImages.map(({ version, displayName, lastAttested }) => ({
      version,
      displayName,
      ...(lastAttested === undefined ? {} : { lastAttested }),
    })),
    ...loses(request, phases, inventory),
    ...planRemoval(request, inventory),
    impact: {
      ...impactOf(phases, reference),
      estimatedMinutes: estimateMinutes(
        reference === undefined ? { phases } : { phases, reference },
        inventory.pace,
        soakMs,
      ),
    },
    approvals: inventory.approvals,
    recovery: {
      ...inventory.recovery,
      esxiAccount: inventory.canExportBaseImages,
      ...(request.recoverTrustedHosts === true ? { trustedHosts: true as const } : {}),
    },
    pace: inventory.pace,
    soakMs,
  };
  const { standingApproval } = request;
  if (standingApproval === undefined) return { kind: 'plan', plan };
  const { by, reason } = standingApproval;
  const verdict = { by, reason, notCovered: notCovered(standingApproval, plan, inventory) };
  return { kind: 'plan', plan: { ...plan, standingApproval: verdict } };
}

function planPhase(number: PhaseNumber, scope: RunScope, inventory: Inventory, request: UpgradeRequest): Phase {
  if (number === 1 || number === 3) {
    const vCenters = scope.vCenters.flatMap(({ phase, vCenter: { name, role, version, backup }, upgradeTo }) =>
      phase === number && upgradeTo !== undefined
        ? [{ name, role, from: version, to: upgradeTo, ...(backup && { backup }) }]
        : [],
    );
    return { number, kind: 'vcenters', vCenters };
  }
  const order = hostOrder(
    scope.clusters.filter(({ phase }) => phase === number),
    inventory,
  );
  const followed = order.length > 1;
  return { number, kind: 'hosts', hosts: order.flatMap((ordered) => planHost(ordered, inventory, request, followed)) };
}

function planHost(
  { host, inRun: { cluster, target, phase } }: OrderedHost,
  inventory: Inventory,
  request: UpgradeRequest,
  followed: boolean,
): PlannedHost[] {
  if (target?.esxi === undefined) return [];
  // Where an earlier run's child is still at work, maintenance mode is that child's doing and not found.
  const left = leftInMaintenanceMode(inventory, host);
  const found = host.inMaintenanceMode && !isAtWork(inventory, 'host', host.name);
  const foundInMaintenanceMode = found && left === undefined;
  return [
    {
      name: host.name,
      uuid: host.uuid,
      id: host.id,
      cluster: cluster.name,
      vCenter: cluster.vCenter,
      role: cluster.role,
      from: { version: host.version, build: host.build },
      to: target.esxi,
      imageKey: imageKey(target.image),
      foundInMaintenanceMode,
      ...(left !== undefined || (found && followed) ? { leaveMaintenanceMode: true } : {}),
      ...(left === undefined ? {} : { leftInMaintenanceMode: sinceLeft(host, left) }),
      runningVms: host.runningVms,
      ...(isToBeRebooted(request, phase, host) && isAtTarget(host, cluster, target) ? { reboot: true } : {}),
    },
  ];
}

function sinceLeft({ build, bootTime }: HostFacts, { before }: MaintenanceModeChange): 'untouched' | 'changed' {
  return bootTime !== undefined && build === before.build && bootTime === before.bootTime ? 'untouched' : 'changed';
}

function planReference(
  { clusters }: RunScope,
  inventory: Inventory,
  request: UpgradeRequest,
): PlannedReference | undefined {
  const inRun = clusters.find(({ phase }) => phase === 'reference');
  const facts = [...(inRun?.toUpgrade ?? []), ...(inRun?.atTarget ?? [])][0];
  if (inRun === undefined || facts === undefined) return undefined;
  const [host] = planHost({ host: facts, inRun }, inventory, request, false);
  const [cluster] = planCluster(inRun);
  if (host === undefined || cluster === undefined) return undefined;
  return { host, cluster, upgrade: inRun.toUpgrade.length > 0 };
}

/** A cluster is in the plan when a host of it is upgraded; only then is its desired image touched. */
function planCluster({ cluster, target }: ClusterInRun): PlannedCluster[] {
  if (target === undefined) return [];
  const { id, name, vCenter, role, quickBoot, quickPatch } = cluster;
  return [{ id, name, vCenter, role, image: target.image, commitImage: target.commitImage, quickBoot, quickPatch }];
}

function withDigest({ baseImage }: UpgradeRequest, { baseImageFile }: Inventory): Plan['baseImage'] {
  if (baseImage.from !== 'file' || baseImageFile === undefined || 'missing' in baseImageFile) return baseImage;
  return { ...baseImage, sha256: baseImageFile.sha256 };
}

function loses(
  { recoverTrustedHosts }: UpgradeRequest,
  phases: Phase[],
  inventory: Inventory,
): Pick<Plan, 'removalLoses' | 'trustedRemovalLoses'> {
  const lost = removalLoses(phases, inventory);
  const lostOfTrusted = recoverTrustedHosts === true ? trustedRemovalLoses(phases, inventory) : [];
  return {
    ...(lost.length === 0 ? {} : { removalLoses: lost }),
    ...(lostOfTrusted.length === 0 ? {} : { trustedRemovalLoses: lostOfTrusted }),
  };
}

function planRemoval({ removeBaseImages }: UpgradeRequest, { baseImageFacts }: Inventory): Pick<Plan, 'removal'> {
  if (removeBaseImages === undefined || baseImageFacts === undefined) return {};
  return { removal: { ...removeBaseImages, review: reviewBaseImages(baseImageFacts, removeBaseImages) } };
}

const PLANNED_ANEW = {
  what: 'everything else',
  why: 'it is planned anew, and asked for again, once the host that an earlier run removed is back',
};

/** M17: what is left alone, and why. */
function skipped({ phases }: UpgradeRequest, { vCenters, clusters }: RunScope): Plan['skipped'] {
  return [
    ...ALL_PHASES.filter((number) => !phases.includes(number)).map((number) => ({
      what: `phase ${number}, ${PHASE_TITLES[number]}`,
      why: 'not asked for',
    })),
    ...vCenters.flatMap(({ vCenter, why }) => (why === undefined ? [] : [{ what: `vCenter ${vCenter.name}`, why }])),
    ...clusters.flatMap(({ cluster, target, toUpgrade, atTarget }) => [
      ...atTarget.map(({ name, version, build }) => ({
        what: `host ${name}`,
        why: `runs ${version} build ${build} already`,
      })),
      ...(target?.commitImage === true && toUpgrade.length === 0
        ? [
            {
              what: `desired image of cluster ${cluster.name}`,
              why: 'stays as it is: no host of the cluster needs another',
            },
          ]
        : []),
    ]),
  ];
}

function impactOf(phases: Phase[], reference?: PlannedReference): Omit<Impact, 'estimatedMinutes'> {
  const vCenters = phases.flatMap((phase) => (phase.kind === 'vcenters' ? phase.vCenters : []));
  const hosts = phases.flatMap((phase) => (phase.kind === 'hosts' ? phase.hosts : []));
  // Right before phase 4, so before every Trusted Host.
  const before = hosts.findIndex(({ role }) => role === 'trusted');
  const first = reference?.upgrade === true ? [reference.host] : [];
  const leaving = hosts.toSpliced(before < 0 ? hosts.length : before, 0, ...first);
  return {
    vCenters: vCenters.length,
    trustAuthorityHosts: hosts.filter(({ role }) => role === 'trust-authority').length,
    trustedHosts: hosts.filter(({ role }) => role === 'trusted').length,
    leaveService: leaving.map(({ name }) => name),
    runningVmsMoved: leaving.reduce((sum, { runningVms }) => sum + runningVms, 0),
  };
}
