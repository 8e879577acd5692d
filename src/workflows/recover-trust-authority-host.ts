import type { PlannedHost } from '../model/plan';
import type { Recovery, ServiceDifference } from '../model/recovery';
import { fail } from './failures';
import { longWork, reads } from './proxies';
import type { Run } from './run';

/**
 * What a Trust Authority Host needs after it was added again (R22, R23): enabled, with the vTA configuration of its peers,
 * its services restarted once, known to the workload vCenters as it presents itself now, and seen to do its work.
 */

export async function enable(run: Run, { host, cluster }: Recovery): Promise<void> {
  const { pace } = run.plan;
  await run.longWork(pace.services, `${cluster.name}: enable`).vtaEnsureTrustAuthorityEnabled(at(run, host));
}

export async function restoreConfiguration(run: Run, { host, backup }: Recovery): Promise<string> {
  const { pace } = run.plan;
  const { name } = host;
  run.say(`Restoring the vTA configuration of ${name}.`);
  const work = run.longWork(pace.baseImage, `${name}: vTA configuration`);
  const { written, notes } = await work.vtaEnsureVtaConfigurationRestored({ ...at(run, host), backup });
  for (const note of notes) run.warn(`${name}: ${note}`);
  return written.length === 0 ? 'nothing is missing' : written.join(', ');
}

/** Once, on this host alone, after its configuration was restored (R2). */
export async function restartServices(run: Run, { host }: Recovery): Promise<string> {
  const { pace } = run.plan;
  const { name } = host;
  run.say(`Restarting attestd and kmxd on ${name}.`);
  await run.longWork(pace.services, `${name}: restart services`).vtaEnsureServicesRestarted(at(run, host));
  await run.longWork(pace.services, `${name}: services`).vtaWaitTrustAuthorityServices(at(run, host));
  return 'attestd, kmxd';
}

/** A host that was installed anew may present another address or authority than the workload vCenters know. */
export async function compareServices(run: Run, recovery: Recovery): Promise<string> {
  const { pace } = run.plan;
  const { host, attempt } = recovery;
  const { name } = host;
  run.say(`Comparing what the workload vCenters know of the services of ${name}.`);
  const found = await reads(pace, `${name}: services as known`).vtaReadServiceDifferences(at(run, host));
  // What was approved and begun may be half done: then nothing is known any more that could differ.
  const differences = merged(recovery.services ?? [], found);
  if (differences.length === 0) return 'as they are';
  const told = differences.map(
    ({ vCenter, service, what, presents }) =>
      `${vCenter}, ${service} service: ${what}${presents === undefined ? '' : `; it presents ${presents}`}`,
  );
  const answer = await run.gate({
    id: `services:${name}:${attempt}`,
    question: `May the workload vCenters be told the services of ${name} as they are now?`,
    facts: told,
    digest: `${run.state.planDigest ?? ''}#services:${name}#${told.join(' | ')}`,
  });
  if (answer.outcome !== 'approved')
    throw fail(
      'VTA_RECOVERY_REJECTED',
      `${answer.by.join(', ')} rejected that the workload vCenters are told the services of ${name}. They know it otherwise: ${told.join('; ')}. "retry" asks again.`,
    );
  recovery.services = differences;
  const work = run.longWork(pace.services, `${name}: tell its services`);
  await work.vtaEnsureServicesKnown({ ...at(run, host), differences });
  return told.join('; ');
}

/** What differs now, and what was begun before and shows no difference any more; each with all clusters that used it. */
function merged(begun: ServiceDifference[], found: ServiceDifference[]): ServiceDifference[] {
  const same = (one: ServiceDifference) => (other: ServiceDifference) =>
    one.vCenter === other.vCenter && one.service === other.service;
  return [
    ...found.map((one) => {
      const usedBy = [...(one.usedBy ?? []), ...(begun.find(same(one))?.usedBy ?? [])];
      return { ...one, usedBy: [...new Set(usedBy)] };
    }),
    ...begun.filter((one) => !found.some(same(one))),
  ];
}

export async function waitConsistent(run: Run, { host }: Recovery): Promise<void> {
  const { pace } = run.plan;
  run.say(`Waiting until ${host.name} is consistent with the other Trust Authority Hosts.`);
  await run.longWork(pace.serviceHealth, `${host.name}: consistent?`).vtaWaitHostConsistent(at(run, host));
}

/** In service again: the cluster is healthy with it, and a Trusted Host attests through it. */
export async function watchAtWork(run: Run, recovery: Recovery): Promise<string> {
  const { pace } = run.plan;
  const { host, removedAt: notBefore } = recovery;
  const { name } = host;
  const health = run.longWork(pace.serviceHealth, `${name}: cluster healthy?`);
  await health.vtaWaitTrustAuthorityHealthy({ ...at(run, host), reverted: true });
  run.say(`Waiting until a Trusted Host attests through ${name}.`);
  const deadlineMs = pace.attestation.warnMs;
  if (notBefore === undefined) throw fail('VTA_OUTCOME_UNKNOWN', `When ${name} was removed was not recorded.`);
  const { seen, detail } = await longWork(pace, pace.attestation, `${name}: attests?`).vtaWaitAttestationThrough({
    ...at(run, host),
    notBefore,
    deadlineMs,
  });
  if (seen) delete recovery.attestationUnseen;
  else {
    recovery.attestationUnseen = detail;
    run.warn(`${name}: no attestation of a Trusted Host through it was seen yet: ${detail}`);
  }
  return `consistent; ${seen ? detail : `no attestation through it was seen yet: ${detail}`}`;
}

/** The host as it is now: added again, it has another id. */
function at(run: Run, host: PlannedHost) {
  return { ...run.ref, host: run.asAdded(host), pace: run.plan.pace };
}
