import type { Plan, PlannedHost, PlannedVCenter } from '../model/plan';
import { estimateHostMs, estimateVCenterMs } from '../planner/estimate';
import type { Run } from './run';

/** How long something takes from its begin to its end, and how that is known. */
export interface NeededTime {
  ms: number;
  /** As estimated, whatever was measured. */
  usualMs: number;
  how: 'the longest of this run' | 'estimated';
}

/** A host takes as long as the longest of its role in this run that nobody was waited for; before that, as estimated. */
export function timeForHost(run: Run, host: PlannedHost): NeededTime {
  const { phases, reference, pace, soakMs } = run.plan;
  const alike = [...phases.flatMap((phase) => (phase.kind === 'hosts' ? phase.hosts : [])), ...of(reference)]
    .filter(({ role, reboot }) => role === host.role && reboot === host.reboot)
    .map(({ name }) => `host:${name}`);
  return longest(run, alike, estimateHostMs(host, pace, soakMs));
}

function of(reference: Plan['reference']): PlannedHost[] {
  return reference === undefined ? [] : [reference.host];
}

/** The same of a vCenter; one whose backup the run takes is not compared with one that is updated without. */
export function timeForVCenter(run: Run, vCenter: PlannedVCenter): NeededTime {
  const { phases, pace, soakMs } = run.plan;
  const alike = phases
    .flatMap((phase) => (phase.kind === 'vcenters' ? phase.vCenters : []))
    .filter((other) => takesBackup(other) === takesBackup(vCenter))
    .map(({ name }) => `vcenter:${name}`);
  return longest(run, alike, estimateVCenterMs(vCenter, pace, soakMs));
}

function takesBackup({ backup }: PlannedVCenter): boolean {
  return backup !== undefined && 'location' in backup;
}

function longest({ state }: Run, steps: string[], usualMs: number): NeededTime {
  const measured = steps.flatMap((step) => state.steps[step]?.tookMs ?? []);
  if (measured.length === 0) return { ms: usualMs, usualMs, how: 'estimated' };
  return { ms: Math.max(...measured), usualMs, how: 'the longest of this run' };
}
