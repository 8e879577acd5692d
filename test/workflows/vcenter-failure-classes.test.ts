import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRollback } from '../../simulator/world/appliance-install';
import { settle } from '../../simulator/world/appliance-update';
import { vCenterComesBack } from '../../simulator/world/vcenter-availability';
import { answersNothingForAWhile } from '../support/answers-nothing';
import { edit } from '../support/failed-host';
import { eventually } from '../support/people';
import type { Rehearsal } from '../support/rehearsal';
import { experienceVCenter, type VCenterFailureClass } from '../support/vcenter-failure-class';

const UPDATE = 'com.vmware.appliance.update.pending';

/** Everything of issue and runbooks that can happen to a vCenter; what can be told apart shares a run. */
const CLASSES: Record<string, VCenterFailureClass> = {
  'does not come back after its update': {
    // The shortest deadlines there are.
    site: (site) => void (site.paceScale = 0.001),
    faults: [{ kind: 'vcenter-no-return' }],
    tells: /last seen: .*not sent \(/,
    parks: [
      {
        code: 'VTA_VCENTER_UPDATE_FAILED',
        says: /Installation of 8\.0\.3\.00500 on .* did not happen within 30 s\. Last seen: .*not sent \(.*Look at the console of the appliance/,
        mend: switchOn,
      },
    ],
  },

  'answers nothing for a while, and loses the answers to what begins something': {
    site: (site) => void (site.paceScale = 0.01),
    faults: [
      { kind: 'reply-lost', operation: 'com.vmware.appliance.recovery.backup.job.create' },
      { kind: 'reply-lost', operation: `${UPDATE}.stage` },
      { kind: 'reply-lost', operation: `${UPDATE}.install` },
    ],
    happens: [{ when: 'vcenter-staged', what: answersNothingForAWhile }],
  },

  'loses the record of its backup, then the next one fails, then the update': {
    faults: [
      { kind: 'error', error: 'NOT_FOUND', operation: 'com.vmware.appliance.recovery.backup.job.get' },
      { kind: 'backup-fails', count: 2 },
      { kind: 'update-fails' },
    ],
    parks: [
      {
        code: 'VTA_VCENTER_BACKUP_FAILED',
        says: /does not know its backup .* any more.*nothing proves it\. The vCenter was not updated/,
      },
      {
        code: 'VTA_VCENTER_BACKUP_FAILED',
        says: /backup of .* is FAILED: .*The vCenter was not updated\. Mend the backup target/,
      },
      {
        code: 'VTA_VCENTER_UPDATE_FAILED',
        says: /an installation failed and that it cannot recover: INSTALL_FAILED.*It runs 8\.0\.2\.00100\. Roll back or restore it/,
        mend: rollBack,
      },
    ],
    counts: { 'backup-started': 4, 'vcenter-staged': 2, 'vcenter-update-started': 2 },
  },

  'certificate and password are changed while it is updated': {
    happens: [
      {
        when: 'vcenter-update-started',
        what: async (lab, id) => {
          for (const user of lab.simulator.world.vCenter(id).users) user.password = 'another';
          await edit(lab, { edit: 'replace-certificate', endpoint: id, by: 'stranger' });
        },
      },
    ],
    parks: [
      {
        code: 'VTA_TLS_NOT_TRUSTED',
        says: /not sent \(tls-unknown-ca\)/,
        mend: (lab, id) => edit(lab, { edit: 'replace-certificate', endpoint: id, by: 'site' }),
      },
      {
        code: 'VTA_CREDENTIALS_REJECTED',
        says: /POST .api.session|Login/,
        mend: (lab) => {
          // Five refused logins lock an account of Single Sign-On by default.
          const refused = lab.simulator.world.events.all().filter(({ what }) => what === 'login-failed');
          expect(refused.length).toBeLessThan(5);
          supplyPassword(lab, 'another');
        },
      },
    ],
  },
};

describe.concurrent('a class of failure of a vCenter', { timeout: 230_000 }, () => {
  const rows = Object.entries(CLASSES).flatMap(([what, failure]) =>
    ([1, 3] as const).map((phase) => ({ what, phase, failure })),
  );
  it.each(rows)('it $what (phase $phase)', async ({ phase, failure }) => {
    await experienceVCenter(phase, failure);
  });
});

/** A hand at the console: the appliance did not come up after its update, and does now. */
async function switchOn({ simulator: { world } }: Rehearsal, id: string): Promise<void> {
  const vCenter = world.vCenter(id);
  const update = vCenter.appliance.pending.at(-1);
  if (update === undefined) throw new Error(`nothing was installed on ${id}`);
  vCenter.version = update.version;
  vCenter.build = update.build;
  vCenter.appliance.staged = null;
  settle(vCenter.appliance);
  await vCenterComesBack(world, vCenter);
}

async function rollBack({ simulator: { world } }: Rehearsal, id: string): Promise<void> {
  startRollback(world, world.vCenter(id));
  await eventually(
    'its return',
    () => world.events.all().some(({ what, vCenter }) => what === 'vcenter-back' && vCenter === id) || undefined,
  );
  // A backup of the same second, by the clock of the API, would be taken for one of the next attempt.
  await world.clock.sleep(1_000);
}

/** Puts the new password where the infrastructure file says that it is. */
function supplyPassword({ simulator }: Rehearsal, password: string): void {
  const secrets = join(dirname(simulator.ready.infrastructureFile), 'secrets');
  writeFileSync(join(secrets, 'vcenter-password'), password);
  for (const vCenter of simulator.world.state.vCenters) for (const user of vCenter.users) user.password = password;
}
