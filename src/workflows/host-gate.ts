import type { PlannedHost } from '../model/plan';
import { fail } from './failures';
import type { Run, Skip } from './run';

/**
 * Asks people before a host is taken out of service. One that is rejected is left alone, if that breaks no rule; the next
 * phase then asks people first (R8, R9). Otherwise the run parks.
 * @param turn the phase in which it is its turn, for people
 * @returns false when the host was left alone
 */
export async function passHostGate(run: Run, turn: string, host: PlannedHost, skip: Skip): Promise<boolean> {
  const rejectedBy = await run.attempt(`approval:host:${host.name}`, async () => {
    const answer = await run.gate({
      id: `host:${host.name}`,
      question: `May ${host.name} be taken out of service and upgraded now?`,
      facts: [
        `${turn}, cluster ${host.cluster} of ${host.vCenter}`,
        `from ${host.from.version} build ${host.from.build} to ${host.to.version} build ${host.to.build}`,
        `${host.runningVms} running virtual machines will be moved`,
      ],
      digest: `${run.state.planDigest ?? ''}#host:${host.name}`,
    });
    if (answer.outcome === 'approved') return undefined;
    const by = answer.by.join(', ');
    const refusal = await skip.refusal();
    if (refusal === undefined) return by;
    throw fail(
      'VTA_ACTION_NOT_OFFERED',
      `${by} rejected ${host.name}, but it cannot be left out: ${refusal}. Nothing was done to it. "retry" asks again.`,
    );
  });
  if (rejectedBy === undefined) return true;
  const detail = `left on ${host.from.version} build ${host.from.build}: rejected by ${rejectedBy}`;
  run.state.steps[`host:${host.name}`] = { state: 'skipped', detail };
  run.audit('skipped', `host:${host.name}`, detail);
  return false;
}
