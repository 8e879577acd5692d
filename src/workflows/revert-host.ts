import type { PlannedHost } from '../model/plan';
import type { HostItself, Recovery } from '../model/recovery';
import { compareReverted, type RevertProof } from './compare-reverted';
import { describeFailure, fail, isStepFailure } from './failures';
import { longWork } from './proxies';
import type { Run } from './run';
import { siteHooks } from './site-hooks';

/**
 * Gets ESXi on a removed host back to its old version and proves it by the host itself (R21). First it is looked whether
 * that has happened already; then the site's hook is asked, once; then a person, until the host proves it. Neither is
 * believed. Redfish would be one more such way.
 */
export async function revertHost(run: Run, recovery: Recovery): Promise<string> {
  let seen = await askHost(run, recovery);
  let proof = compareReverted(recovery, seen);
  if (proof.differences.length === 0) recovery.revertedBy ??= 'itself';
  while (proof.differences.length > 0) {
    const claim = (await askHook(run, recovery)) ?? (await askOperator(run, recovery, proof));
    run.audit('said to be reverted', recovery.host.name, claim);
    seen = await askHost(run, recovery);
    proof = compareReverted(recovery, seen);
  }
  await acceptUnproved(run, recovery, proof.unproved);
  return `${recovery.host.name} runs ${recovery.previous.version} build ${recovery.previous.build} again`;
}

async function askHost(run: Run, recovery: Recovery): Promise<HostItself> {
  const { pace } = run.plan;
  const { host } = recovery;
  run.say(`Asking ${host.name} itself what it runs.`);
  const asked = longWork(pace, pace.reconnect, `${host.name}: asked directly`);
  const read = async (): Promise<HostItself> =>
    await asked.vtaReadHostItself({
      ...run.ref,
      host,
      pace,
      deadlineMs: pace.serviceHealth.warnMs,
      ...confirmed(recovery),
    });
  let itself = await read();
  const { certificate } = itself;
  if (certificate !== undefined && !certificate.trusted && recovery.confirmedCertificate !== certificate.sha256) {
    await confirmCertificate(run, recovery, certificate.sha256);
    itself = await read();
  }
  return itself;
}

/** A host that was installed anew presents another certificate: a person compares it at the console. */
async function confirmCertificate(run: Run, recovery: Recovery, sha256: string): Promise<void> {
  const { name } = recovery.host;
  const answer = await run.gate({
    id: `certificate:${name}:${sha256.slice(0, 11)}`,
    question: `Is this the certificate of ${name}? The configuration does not trust it.`,
    facts: [
      `SHA-256 ${sha256}`,
      `compare it with what the console of ${name} shows; approving trusts this one certificate for this recovery`,
      'nothing was sent to it yet: no password goes there before somebody has confirmed it',
    ],
    digest: sha256,
  });
  if (answer.outcome !== 'approved')
    throw fail(
      'VTA_TLS_NOT_TRUSTED',
      `${answer.by.join(', ')} did not confirm the certificate that answers as ${name} (${sha256}). ${name} is out of the cluster and was sent nothing. Find out who answers there, then decide "retry".`,
    );
  recovery.confirmedCertificate = sha256;
}

/** The certificate that a person confirmed, as activities take it. */
export function confirmed({ confirmedCertificate }: Recovery): { confirmedCertificate?: string } {
  return confirmedCertificate === undefined ? {} : { confirmedCertificate };
}

/** Asks the site's hook, if there is one and it was not asked yet: a reset that is done twice may do harm. */
async function askHook(run: Run, recovery: Recovery): Promise<string | undefined> {
  const { recovery: rules } = run.plan;
  if (rules.revert !== 'hook' || rules.taskQueue === undefined || recovery.hookAsked) return undefined;
  recovery.hookAsked = true;
  const { host, previous, attempt } = recovery;
  run.say(`The site's hook reverts ${host.name}.`);
  const hooks = siteHooks(rules.taskQueue, `${host.name}: revert to ${previous.build}`);
  try {
    const { note } = await hooks.vtaRevertHost({
      infrastructure: run.infrastructure,
      operationId: `${recovery.runId ?? run.state.runId}:${host.uuid}:${attempt}`,
      host: { name: host.name, uuid: host.uuid },
      failed: host.to,
      previous,
    });
    recovery.revertedBy = 'hook';
    recovery.hookSaid = `the site's hook says that it reverted it: ${note}`;
    return `vtaRevertHost: ${note}`;
  } catch (error) {
    if (!isStepFailure(error)) throw error;
    const { message } = describeFailure(error);
    recovery.hookSaid = `the site's hook did not revert it: ${message}`;
    run.warn(`The site's hook did not revert ${host.name}: ${message} A person is asked.`);
    return undefined;
  }
}

async function askOperator(run: Run, recovery: Recovery, proof: RevertProof): Promise<string> {
  const { host, previous } = recovery;
  const answer = await run.ask(
    `revert:${host.name}`,
    `Revert ESXi on ${host.name} to ${previous.version} build ${previous.build}, then decide "reverted".`,
    [
      ...proof.differences,
      ...(recovery.hookSaid === undefined ? [] : [recovery.hookSaid]),
      ...instruction(host, recovery, proof),
    ],
    'reverted',
  );
  recovery.revertedBy = 'operator';
  return `${answer.by.join(', ')}: ${answer.reason ?? 'no reason given'}`;
}

function instruction(host: PlannedHost, { previous }: Recovery, { lacksOnlyBoot }: RevertProof): string[] {
  return [
    ...(lacksOnlyBoot
      ? [
          `first reboot it without pressing anything: Shift+R would leave the build that it runs. Only if it comes up on another build than ${previous.build}, go on with what follows`,
        ]
      : []),
    `at its console: reboot it and press Shift+R while the loader shows its bar, confirm build ${previous.build}; that works only as long as nothing was installed on it since the upgrade`,
    `or install ESXi ${previous.version} build ${previous.build} anew, with the same name, address and root password as before`,
    'change neither Secure Boot nor the TPM in its firmware: its sealed configuration would not open again',
    `${host.name} is out of the cluster and stays so until it proves its version; do not add it to a vCenter yourself`,
  ];
}

/** What a host does not tell needs a person who takes the responsibility, by name (recorded). */
async function acceptUnproved(run: Run, recovery: Recovery, unproved: string[]): Promise<void> {
  const open = unproved.filter((item) => recovery.waived?.includes(item) !== true);
  if (open.length === 0) return;
  const { name } = recovery.host;
  const answer = await run.gate({
    id: `waiver:${name}:${recovery.attempt}`,
    question: `May ${name} be added again although not all of it could be proved?`,
    facts: open.map((item) => `not proved: ${item}`),
    digest: open.join(' | '),
  });
  if (answer.outcome !== 'approved')
    throw fail(
      'VTA_RECOVERY_REJECTED',
      `${answer.by.join(', ')} did not accept what is not proved of ${name}: ${open.join('; ')}. It is out of the cluster, on its old version as far as it tells. Have a look at it, then decide "retry".`,
    );
  recovery.waived = [...(recovery.waived ?? []), ...open];
}
