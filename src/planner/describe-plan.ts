import { formatDuration } from '../model/duration';
import type { ImageSpecification } from '../model/image';
import {
  PHASE_TITLES,
  type Phase,
  type Plan,
  type PlannedCluster,
  type PlannedHost,
  type PlannedReference,
  type PlannedVCenter,
} from '../model/plan';
import type { StandingVerdict } from '../model/standing-approval';
import { describeFindings } from './describe-findings';
import { describeWindow } from './describe-window';
import { wrapLines } from './wrap-lines';

/**
 * A plan as text for terminals, at most 100 columns wide: what happens in which order, what does not and why, warnings,
 * impact, and who may approve.
 * @param digest shown when given: it is what an approval names
 */
export function describePlan(plan: Plan, digest?: string): string {
  const head = [
    `Plan for ${plan.infrastructure}, made ${plan.createdAt}`,
    ...(digest === undefined ? [] : [`Digest ${digest}`]),
    ...(plan.lastRun === undefined ? [] : [`The last run ended ${plan.lastRun.at}: ${plan.lastRun.outcome}`]),
    ...(plan.reason === undefined ? [] : wrapLines(plan.reason, 'Reason: ')),
  ];
  const sections = [
    section('What happens, in this order', phases(plan)),
    section(
      'What is left alone',
      plan.skipped.flatMap(({ what, why }) => item(`${what}: ${why}`)),
    ),
    section(
      'Left behind by an earlier run',
      plan.leftovers.flatMap(({ sentence }) => item(sentence)),
    ),
    section(
      'Waited for first: work of an earlier run',
      plan.waitFor.flatMap((id) => item(id)),
    ),
    section('Warnings', describeFindings(plan.warnings)),
    section('Impact', impact(plan)),
    section(
      'Lost if a Trust Authority Host must be removed and added again',
      (plan.removalLoses ?? []).flatMap((what) => item(what)),
    ),
    section(
      'Lost if a Trusted Host must be removed and added again, which this request allows',
      (plan.trustedRemovalLoses ?? []).flatMap((what) => item(what)),
    ),
    section('Base images that are trusted today', plan.baseImages.flatMap(baseImage)),
    section('Base images that would be removed now', removal(plan)),
    section('Approval', approval(plan)),
  ];
  return (
    [head, ...sections]
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n') + '\n'
  );
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function item(text: string): string[] {
  return wrapLines(text, '  - ');
}

function phases(plan: Plan): string[] {
  let step = 0;
  const next = () => `${String(++step).padStart(5)}. `;
  const reference = () => (plan.reference === undefined ? [] : referenceLines(plan.reference, next));
  const alone = plan.phases.every(({ number }) => number !== 4);
  const lines = plan.phases.flatMap((phase) => [
    ...(phase.number === 4 ? reference() : []),
    `  Phase ${phase.number}, ${PHASE_TITLES[phase.number]}`,
    ...(phase.kind === 'vcenters' ? vCenterLines(phase.vCenters, next) : hostLines(plan, phase, next)),
  ]);
  return alone ? [...lines, ...reference()] : lines;
}

/** The test host that is upgraded for its base image (R5). */
function referenceLines({ host, cluster, upgrade }: PlannedReference, next: () => string): string[] {
  const { name, to } = host;
  const first = upgrade
    ? [...clusterLines(cluster), ...hostLine(host, next())]
    : wrapLines(`${name}: runs ${to.version} build ${to.build} already and is left as it is`, next());
  const then = `base image: exported from ${name} once it is healthy and compliant, imported after approval of its digest`;
  return ['  Reference host', ...first, ...wrapLines(then, next())];
}

function vCenterLines(vCenters: PlannedVCenter[], next: () => string): string[] {
  if (vCenters.length === 0) return ['     nothing to do'];
  return vCenters.flatMap(({ name, from, to, backup }) =>
    wrapLines(`${name}: ${from} -> ${to}; ${backupWords(backup)}`, next()),
  );
}

function backupWords(backup: PlannedVCenter['backup']): string {
  if (backup === undefined) return 'no backup';
  return 'location' in backup ? `backup to ${backup.location}` : `backup elsewhere: ${backup.elsewhere}`;
}

function hostLines(plan: Plan, phase: Extract<Phase, { kind: 'hosts' }>, next: () => string): string[] {
  const role = phase.number === 2 ? 'trust-authority' : 'trusted';
  const clusters = plan.clusters.filter((cluster) => cluster.role === role);
  if (clusters.length === 0) return ['     nothing to do'];
  const source = phase.number === 4 && phase.hosts.length > 0 ? wrapLines(sourceWords(plan.baseImage), '     ') : [];
  const boots = plan.quickBoot === 'keep' ? wrapLines(KEPT, '     ') : [];
  return [
    ...clusters.flatMap(clusterLines),
    ...boots,
    ...source,
    ...phase.hosts.flatMap((host) => hostLine(host, next())),
  ];
}

const KEPT = 'Quick Boot is kept: a host that boots so goes on attesting with the image of its last full boot';

function clusterLines({ name, vCenter, image, commitImage }: PlannedCluster): string[] {
  const how = commitImage ? 'committed as desired image first' : 'the desired image as it stands';
  return [
    ...wrapLines(`cluster ${name} on ${vCenter}:`, '     '),
    ...wrapLines(`${imageWords(image)}, ${how}`, '       '),
  ];
}

function imageWords({ baseImage, addOn, components = {} }: ImageSpecification): string {
  const parts = [
    `base image ${baseImage}`,
    ...(addOn === undefined ? [] : [`add-on ${addOn.name} ${addOn.version}`]),
    ...Object.entries(components).map(([name, version]) => `component ${name} ${version}`),
  ];
  return parts.join(' + ');
}

function sourceWords(source: Plan['baseImage']): string {
  switch (source.from) {
    case 'first-host':
      return 'base images: exported from the first upgraded host of each image, imported after approval of their digest';
    case 'reference-host':
      if (source.upgrade === true) return `base image: as exported from ${source.host} above, known by its digest`;
      return `base image: exported from ${source.host}, imported after approval of its digest before any host is touched`;
    case 'file':
      return `base image: file ${source.name} (SHA-256 ${source.sha256 ?? 'unknown'}), imported before any host is touched`;
  }
}

function hostLine(host: PlannedHost, bullet: string): string[] {
  const { name, from, to, runningVms } = host;
  const change =
    host.reboot === true
      ? `full reboot on ${from.version} build ${from.build}`
      : `${from.version} build ${from.build} -> ${to.version} build ${to.build}`;
  const notes = [
    ...(runningVms > 0 ? [`${count(runningVms, 'running VM')} to move`] : []),
    ...(host.foundInMaintenanceMode ? ['in maintenance mode already'] : []),
    ...(host.leftInMaintenanceMode === undefined ? [] : ['left in maintenance mode by an earlier run']),
  ];
  return wrapLines([`${name}: ${change}`, ...notes].join('; '), bullet);
}

function impact({ impact: facts, reference }: Plan): string[] {
  const { vCenters, trustAuthorityHosts, trustedHosts, leaveService, runningVmsMoved, estimatedMinutes } = facts;
  const what = [
    count(vCenters, 'vCenter'),
    count(trustAuthorityHosts, 'Trust Authority Host'),
    ...(reference?.upgrade === true ? ['1 reference host'] : []),
    count(trustedHosts, 'Trusted Host'),
    `${count(runningVmsMoved, 'running virtual machine')} moved`,
  ];
  if (vCenters + trustAuthorityHosts + trustedHosts === 0 && reference?.upgrade !== true)
    return ['  no vCenter and no host is changed'];
  const leave = leaveService.length === 0 ? 'no host' : `${leaveService.join(', ')} (one at a time, in this order)`;
  return [
    ...wrapLines(what.join(', '), '  '),
    ...wrapLines(leave, '  leaves service: '),
    `  about ${duration(estimatedMinutes)}, without waiting for people`,
  ];
}

function duration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function baseImage({ version, displayName, lastAttested }: Plan['baseImages'][number]): string[] {
  return item(`${version} (${displayName})${lastAttested === undefined ? '' : `, last attested ${lastAttested}`}`);
}

function removal({ removal: asked }: Plan): string[] {
  if (asked === undefined) return [];
  const { review, keepForMs } = asked;
  const verdicts = review.images.map(
    ({ version, mayGo, why }) => `${version} ${mayGo ? 'GOES' : 'stays'}: ${why.join('; ')}`,
  );
  return [
    ...wrapLines(
      `judged again and asked about after the hosts; an image stays for ${formatDuration(keepForMs)} after the last host left it`,
      '  ',
    ),
    ...review.blocked.flatMap(item),
    ...verdicts.flatMap(item),
  ];
}

function approval(plan: Plan): string[] {
  const { approvals, approve, failureBudget, window, holds, soakMs, standingApproval } = plan;
  const { approvers, required, expireAfterMs } = approvals;
  const gates = [
    ...(approve.includes('phase') ? ['each phase'] : []),
    ...(approve.includes('host') ? ['each host'] : []),
  ];
  return [
    ...(standingApproval === undefined ? [] : standingWords(standingApproval)),
    ...wrapLines(
      `${required} of ${approvers.join(', ')}; an open question reminds after ${formatDuration(expireAfterMs)}`,
      '  ',
    ),
    ...(gates.length === 0 ? [] : [`  asked for before ${gates.join(' and ')} too`]),
    `  each host and vCenter is watched for ${formatDuration(soakMs)} before the next one`,
    ...(window === undefined
      ? []
      : wrapLines(describeWindow(window), '  vCenters and hosts are begun only in the maintenance window: ')),
    ...(holds.length === 0 ? [] : wrapLines(holds.join(', '), '  may hold the run before each host: ')),
    ...wrapLines(budgetWords(failureBudget), '  '),
  ];
}

function standingWords({ by, reason, notCovered }: StandingVerdict): string[] {
  const given = `standing approval of ${by.join(', ')} (${reason})`;
  if (notCovered.length === 0) return wrapLines(`covered by the ${given}: nobody is asked for this plan`, '  ');
  return [
    ...wrapLines(`the ${given} does not cover:`, '  '),
    ...notCovered.flatMap((text) => wrapLines(text, '    - ')),
  ];
}

function budgetWords(budget: number): string {
  if (budget === 0) return 'when a host fails people are asked at once';
  const left = budget === 1 ? 'one host that fails is' : `up to ${budget} hosts that fail are`;
  return `${left} left on the old version and reported, where that breaks no rule; at the next failure people are asked`;
}
