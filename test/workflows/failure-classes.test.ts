import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attestationOf } from '../../simulator/world/attestation';
import { answersNothingForAWhile } from '../support/answers-nothing';
import { edit } from '../support/failed-host';
import { experience, hostNamed, HOSTS, powerCycle, type FailureClass } from '../support/failure-class';
import { NEW_BUILD, OLD_BUILD } from '../support/hosts-site';
import { eventually, worldEvent } from '../support/people';
import type { Rehearsal } from '../support/rehearsal';

/** Everything of issue and runbooks that can happen to a host, in each phase in which it can. */
const CLASSES: Record<string, FailureClass[]> = {
  // Those that take longest come first.
  'attests only outside maintenance mode': [
    {
      phase: 4,
      site: (site) => void (site.switches = { attestInMaintenanceMode: false }),
      parks: {
        code: 'VTA_NOT_ATTESTED',
        says: /not let out of maintenance mode/,
        offers: ['retry', 'abort'],
        stands: [NEW_BUILD, true],
        everyHost: true,
        mend: async (lab, host) => {
          await edit(lab, { edit: 'set-maintenance-mode', host, on: false });
          await eventually('its attestation', () => attestationOf(hostNamed(lab, host)) === 'attested' || undefined);
        },
      },
      stranger: true,
    },
  ],

  'attestation stale': [
    {
      phase: 4,
      faults: [{ kind: 'attestation-stale', host: HOSTS[4][0] }],
      parks: {
        code: 'VTA_ATTESTATION_STALE',
        says: /Last seen: attested at .*, which is before .*not let out of maintenance mode/,
        offers: ['retry', 'abort'],
        stands: [NEW_BUILD, true],
        // kmxa was restarted on it: what it told before is gone.
        mend: (lab) => edit(lab, { edit: 'drop-attestation', host: HOSTS[4][0] }),
      },
    },
  ],

  'not attested for another reason': [
    {
      phase: 4,
      faults: [{ kind: 'not-attest', host: HOSTS[4][0] }],
      parks: {
        code: 'VTA_NOT_ATTESTED',
        says: /TPM quote verification failed.*not let out of maintenance mode/,
        offers: ['retry', 'abort'],
        stands: [NEW_BUILD, true],
      },
    },
  ],

  'cannot enter maintenance mode': both((phase) => ({
    site: withVms,
    faults: [{ kind: 'mm-hangs', host: HOSTS[phase][0], count: null }],
    parks: {
      code: 'VTA_MAINTENANCE_MODE_FAILED',
      says: new RegExp(`Still on it: ${HOSTS[phase][0].split('.')[0]}-vm-1`),
      offers: untouched(phase),
      stands: [OLD_BUILD, false],
    },
    tells: new RegExp(`last seen: the task is running; Still on it: ${HOSTS[phase][0].split('.')[0]}-vm-1`),
  })),

  'its vCenter answers 503 for a while, and then nothing': both((phase) => ({
    site: (site) => void (site.paceScale = 0.01),
    happens: { when: 'maintenance-mode-entered', what: (lab) => answersNothingForAWhile(lab, vCenterOf(phase)) },
  })),

  'remediation never ends': both((phase) => ({
    faults: [{ kind: 'task-hangs', operation: 'clusters.software.apply' }],
    tells: /last seen: vLCM works on it/,
    parks: {
      code: 'VTA_DEADLINE_PASSED',
      says: /Remediation of .* did not happen within 30 s\. Last seen: vLCM works on it.*vLCM may still be at work on it.* Since then it entered maintenance mode \(.*\)\. The run set about its remediation by vLCM at .*is not known\.$/,
      offers: changed(phase),
      stands: [OLD_BUILD, true],
      // The services of vCenter are restarted: vLCM is not at work any more, and its task is gone.
      mend: ({ simulator: { world } }) => {
        world.tasks.forget(vCenterOf(phase));
        for (const { lifecycle } of world.vCenter(vCenterOf(phase)).clusters) lifecycle.busy = null;
      },
    },
  })),

  'remediation failed': both((phase) => ({
    faults: [{ kind: 'remediation-fails', host: HOSTS[phase][0] }],
    parks: {
      code: 'VTA_REMEDIATION_FAILED',
      says: /Now it is connected, on build 22380479.*was not changed and has been taken out of maintenance mode again/,
      offers: untouched(phase),
      stands: [OLD_BUILD, false],
    },
    counts: { 'remediation-started': 2, 'maintenance-mode-entered': 2 },
  })),

  'skipped by vLCM though its task says SUCCEEDED': both((phase) => ({
    faults: [{ kind: 'remediation-skipped', host: HOSTS[phase][0] }],
    parks: {
      code: 'VTA_HOST_SKIPPED_BY_VLCM',
      says: /vLCM says that it succeeded, but it skipped/,
      offers: untouched(phase),
      stands: [OLD_BUILD, false],
    },
    counts: { 'maintenance-mode-entered': 2 },
  })),

  'does not come back': both((phase) => ({
    faults: [{ kind: 'no-return', host: HOSTS[phase][0] }],
    parks: {
      code: 'VTA_HOST_NOT_BACK',
      says: /did not come back after its reboot.*Now it is notResponding.*Look at its console/,
      offers: changed(phase),
      stands: [OLD_BUILD, true],
      mend: (lab) => powerCycle(lab, HOSTS[phase][0]),
    },
    counts: { 'remediation-started': 2, 'reboot-started': 3 },
  })),

  'comes back on its old build': both((phase) => ({
    faults: [{ kind: 'old-build', host: HOSTS[phase][0] }],
    parks: {
      code: 'VTA_HOST_ON_OLD_BUILD',
      says: /Now it is connected, on build 22380479, in maintenance mode. It booted at .* and runs its old build again/,
      offers: changed(phase),
      stands: [OLD_BUILD, true],
    },
    counts: { 'remediation-started': 2, 'reboot-started': 2 },
  })),

  'comes back with a service down, which a restart cures': [
    {
      phase: 2,
      faults: [{ kind: 'service-down', host: HOSTS[2][0], service: 'kmxd' }],
      warns: /kmxd does not run.*attestd and kmxd are restarted once/,
    },
  ],

  'comes back with a service down, which a restart does not cure': [
    {
      phase: 2,
      faults: [{ kind: 'service-broken', host: HOSTS[2][0], service: 'attestd' }],
      parks: {
        code: 'VTA_SERVICE_DOWN',
        says: /attestd does not run.*were restarted once, which did not help.*stays in maintenance mode/,
        offers: changed(2),
        stands: [NEW_BUILD, true],
        mend: (lab) => {
          const host = hostNamed(lab, HOSTS[2][0]);
          host.brokenService = null;
          for (const service of host.services) if (service.key === 'attestd') service.running = true;
        },
      },
    },
  ],

  // The ordinary case (R25): nothing failed, people approve the image.
  'not attested because its image is unknown': [{ phase: 4 }],

  'patched without a full boot (Quick Boot)': both((phase) => ({
    happens: {
      when: 'maintenance-mode-entered',
      what: (lab) =>
        edit(lab, { edit: 'set-image', host: HOSTS[phase][0], baseImage: '8.0.3-0.0.24674464', booted: false }),
    },
    parks: {
      code: 'VTA_HOST_NOT_REBOOTED',
      says: /has not booted since .*: it was patched without a full boot.*Reboot it in maintenance mode/,
      offers: changed(phase),
      stands: [NEW_BUILD, true],
      mend: (lab) => powerCycle(lab, HOSTS[phase][0]),
    },
    counts: { 'remediation-started': 0 },
  })),

  'attests only after it was connected again': [
    {
      phase: 4,
      site: (site) => void (site.switches = { attestOnlyAfterReconnect: true }),
      warns: /Not attested yet \(.*\); disconnecting and connecting it once/,
    },
  ],

  'the desired image drifts': both((phase) => ({
    faults: [{ kind: 'desired-image-edited', host: HOSTS[phase][0], baseImage: '8.0.2-0.0.23305546' }],
    parks: {
      code: 'VTA_DESIRED_IMAGE_DRIFTED',
      says: /is upgraded. The desired image of .* is not the one that was approved: it is base image 8.0.2-0.0.23305546/,
      offers: changed(phase),
      stands: [NEW_BUILD, false],
      mend: async (lab) => {
        const [vCenter, cluster] = phase === 2 ? ['ta-vc', 'vTA Cluster'] : ['workload-vc', 'Trusted Cluster'];
        await edit(lab, { edit: 'set-desired-image', vCenter, cluster, baseImage: '8.0.3-0.0.24674464' });
      },
    },
  })),

  'a stranger remediates the cluster meanwhile': both((phase) => ({
    site: withoutVms,
    faults: [{ kind: 'stranger-remediates', host: HOSTS[phase][0] }],
    stranger: true,
  })),

  'a stranger remediates the cluster for longer than it is waited for': both((phase) => ({
    site: (site) => {
      withoutVms(site);
      site.durations = { ...site.durations, remediationEvacuation: 120_000 };
    },
    faults: [
      { kind: 'stranger-remediates', host: HOSTS[phase][0] },
      { kind: 'mm-hangs', host: HOSTS[phase][1], count: null },
    ],
    stranger: true,
    parks: {
      code: 'VTA_STRANGER_AT_WORK',
      says: /somebody-else@vsphere.local remediates this cluster; waiting for its end/,
      offers: changed(phase),
      stands: [NEW_BUILD, true],
      mend: (lab) => worldEvent(lab, 'remediation-ended', HOSTS[phase][1]),
    },
  })),

  'the record of the task is lost': both((phase) => ({
    faults: [{ kind: 'task-record-gone', operation: 'clusters.software.apply', host: HOSTS[phase][0] }],
  })),

  'answers are lost': both((phase) => ({
    faults: ['clusters.software.apply', 'EnterMaintenanceMode_Task', 'ExitMaintenanceMode_Task'].map((operation) => ({
      kind: 'reply-lost',
      operation,
      host: HOSTS[phase][0],
    })),
  })),

  'the password is changed': both((phase) => ({
    happens: { when: 'maintenance-mode-entered', what: (lab) => changePassword(lab, phase, 'another') },
    parks: {
      code: 'VTA_CREDENTIALS_REJECTED',
      says: /(POST .api.session|Login).* As last read by the run, .* was on 8\.0\.2 build 22380479, connected, not in maintenance mode, booted at .*(The run set about entering maintenance mode at|Since then it entered maintenance mode).*is not known\.$/,
      offers: ['retry', 'abort'],
      stands: [OLD_BUILD, true],
      mend: (lab) => {
        // Five refused logins lock an account of Single Sign-On by default.
        const refused = lab.simulator.world.events.all().filter(({ what }) => what === 'login-failed');
        expect(refused.length).toBeLessThan(5);
        supplyPassword(lab, 'another');
      },
    },
  })),

  'the certificate is replaced by one that nobody trusts': both((phase) => ({
    happens: {
      when: 'maintenance-mode-entered',
      what: (lab) => edit(lab, { edit: 'replace-certificate', endpoint: vCenterOf(phase), by: 'stranger' }),
    },
    parks: {
      code: 'VTA_TLS_NOT_TRUSTED',
      says: /not sent \(tls-unknown-ca\).* As last read by the run, .* was on 8\.0\.2 build 22380479, connected, not in maintenance mode, booted at .*(The run set about entering maintenance mode at|Since then it entered maintenance mode).*is not known\.$/,
      offers: ['retry', 'abort'],
      stands: [OLD_BUILD, true],
      mend: (lab) => edit(lab, { edit: 'replace-certificate', endpoint: vCenterOf(phase), by: 'site' }),
    },
  })),

  'no healthy peer is left': [
    {
      phase: 2,
      happens: { when: 'approved', what: (lab) => setKmxd(lab, HOSTS[2][1], false) },
      parks: {
        code: 'VTA_NO_HEALTHY_PEER',
        says: /ta-host-2.lab.example: kmxd does not run.*Nothing was done to ta-host-1/,
        offers: ['retry', 'abort'],
        stands: [OLD_BUILD, false],
        mend: (lab) => setKmxd(lab, HOSTS[2][1], true),
      },
    },
    {
      phase: 4,
      happens: { when: 'approved', what: (lab) => setKmxd(lab, HOSTS[2][1], false) },
      parks: {
        code: 'VTA_TRUST_AUTHORITY_UNHEALTHY',
        says: /Nothing was done to host-1/,
        offers: untouched(4),
        stands: [OLD_BUILD, false],
        mend: (lab) => setKmxd(lab, HOSTS[2][1], true),
      },
    },
  ],
};

describe.concurrent('a class of failure', { timeout: 230_000 }, () => {
  // Both phases at once: these tests mostly wait.
  it.each(Object.entries(CLASSES))('%s', async (_what, failures) => {
    const ends = await Promise.allSettled(failures.map((failure) => experience(failure)));
    const wrong = ends.flatMap((end, index) =>
      end.status === 'fulfilled' ? [] : [`phase ${failures[index]?.phase}: ${String(end.reason)}`],
    );
    if (wrong.length > 0)
      throw new AggregateError(
        ends.flatMap((end) => ('reason' in end ? [end.reason] : [])),
        wrong.join('\n'),
      );
  });
});

function both(row: (phase: 2 | 4) => Omit<FailureClass, 'phase'>): FailureClass[] {
  return ([2, 4] as const).map((phase) => ({ phase, ...row(phase) }));
}

/** What may be decided about a host that is as it was. */
function untouched(phase: 2 | 4): string[] {
  return phase === 2 ? ['retry', 'skip', 'recover', 'abort'] : ['retry', 'skip', 'abort'];
}

/** What may be decided about a host that is not as it was. */
function changed(phase: 2 | 4): string[] {
  return phase === 2 ? ['retry', 'recover', 'abort'] : ['retry', 'abort'];
}

type Site = Parameters<NonNullable<FailureClass['site']>>[0];

function withVms(site: Site): void {
  for (const { clusters } of site.trusted) for (const { hosts } of clusters) hosts.vms = 1;
}

/** With one host out of service, the virtual machines of the other would have nowhere to go. */
function withoutVms(site: Site): void {
  site.trustAuthority.cluster.hosts.vms = 0;
}

function vCenterOf(phase: 2 | 4): string {
  return phase === 2 ? 'ta-vc' : 'workload-vc';
}

async function changePassword(lab: Rehearsal, phase: 2 | 4, password: string): Promise<void> {
  for (const user of lab.simulator.world.vCenter(vCenterOf(phase)).users) user.password = password;
  await edit(lab, { edit: 'end-sessions', endpoint: vCenterOf(phase) });
}

/** Puts the new password where the infrastructure file says that it is. */
function supplyPassword({ simulator }: Rehearsal, password: string): void {
  const secrets = join(dirname(simulator.ready.infrastructureFile), 'secrets');
  writeFileSync(join(secrets, 'vcenter-password'), password);
  for (const vCenter of simulator.world.state.vCenters) for (const user of vCenter.users) user.password = password;
}

async function setKmxd(lab: Rehearsal, host: string, running: boolean): Promise<void> {
  await edit(lab, { edit: 'set-service', host, service: 'kmxd', running });
  await eventually('the service', () =>
    hostNamed(lab, host).services.some((one) => one.key === 'kmxd' && one.running === running),
  );
}
