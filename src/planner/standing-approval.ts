import type { Inventory } from '../model/inventory';
import { PHASE_TITLES, type Phase, type Plan, type PlannedVCenter } from '../model/plan';
import type { StandingApproval } from '../model/standing-approval';
import { nameList } from './name-list';
import { compareReleases, compareVersions } from './versions';

/**
 * What of a plan a standing approval does not cover, a sentence each; empty: all of it is covered. What is not known is
 * not covered.
 * @param inventory from which the plan was made: it knows of what kind an update is
 */
export function notCovered(
  approval: StandingApproval,
  plan: Pick<Plan, 'phases' | 'reference' | 'clusters' | 'warnings' | 'leftovers' | 'quickBoot'>,
  inventory: Inventory,
): string[] {
  // What the run switches off and restores by itself is harmless; what it leaves on is for people to accept.
  const harmless = plan.quickBoot === 'disable' ? ['VTA_QUICK_BOOT_ON'] : [];
  const accepted: readonly string[] = [...harmless, ...approval.warnings];
  return [
    ...plan.phases.flatMap((phase) =>
      phase.kind === 'vcenters'
        ? phase.vCenters.flatMap((vCenter) => vCenterNotCovered(approval, vCenter, inventory))
        : hostsNotCovered(approval, phase),
    ),
    ...(plan.reference?.upgrade === true && approval.hosts !== true
      ? [`reference host ${plan.reference.host.name}: it covers no hosts`]
      : []),
    ...plan.clusters
      .filter(({ commitImage }) => commitImage)
      .map(({ name }) => `cluster ${name}: another desired image would be committed, which it never covers`),
    ...plan.leftovers
      .filter(({ action }) => action !== 'settle')
      .map(({ sentence }) => `left behind by an earlier run, which it never covers: ${sentence}`),
    // A leftover that must be put right is a warning too, and has been named.
    ...plan.warnings
      .filter(({ code }) => code !== 'VTA_LEFT_BEHIND' && !accepted.includes(code))
      .map(({ code, subject, message }) => `warning ${code}: ${subject}: ${message}`),
  ];
}

function vCenterNotCovered(
  { vCenter: rule }: StandingApproval,
  { name, from, to }: PlannedVCenter,
  { trustAuthority, trusted }: Inventory,
): string[] {
  const step = `vCenter ${name}, ${from} to ${to}`;
  if (rule === undefined) return [`${step}: it covers no vCenters`];
  const facts = [trustAuthority.vCenter, ...trusted.map(({ vCenter }) => vCenter)].find((each) => each.name === name);
  const kinds = (facts?.pendingUpdates ?? [])
    .filter(({ version }) => compareVersions(version, to) === 0)
    .map(({ type }) => type);
  const covered: readonly string[] = rule.kinds;
  return [
    ...(kinds.length === 0 ? [`${step}: of what kind the update is, is not known`] : []),
    ...kinds
      .filter((kind) => !covered.includes(kind))
      .map((kind) => `${step}: an update of kind ${kind}; it covers ${nameList(covered)}`),
    ...(compareReleases(from, rule.within) === 0 && compareReleases(to, rule.within) === 0
      ? []
      : [`${step}: not within ${rule.within}, which is what it covers`]),
  ];
}

function hostsNotCovered({ hosts: covered }: StandingApproval, { number, hosts }: Extract<Phase, { kind: 'hosts' }>) {
  if (covered === true || hosts.length === 0) return [];
  const names = nameList(hosts.map(({ name }) => name));
  return [`phase ${number}, ${PHASE_TITLES[number]}: ${names}: it covers no hosts`];
}
