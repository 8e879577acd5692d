import { applyEdit } from '../../../simulator/api/control/edits';
import type { WorldEventKind } from '../../../simulator/world/events';
import type { VCenter } from '../../../simulator/world/state';
import { vCenterComesBack, vCenterGoesDown } from '../../../simulator/world/vcenter-availability';
import type { World } from '../../../simulator/world/world';
import type { Dice } from '../dice';

/** What somebody does to a vCenter while a run is at work, at the n-th event of a kind. */
export interface Happening {
  what: keyof typeof HAPPENINGS;
  vCenter: string;
  at: WorldEventKind;
  nth: number;
  afterMs: number;
  lastsMs: number;
}

/** What a changed password ends with; it is changed back by taking that away. */
const CHANGED = '-changed';

const HAPPENINGS = {
  async 'password-changed'(world: World, { id, users }: VCenter): Promise<void> {
    for (const user of users) if (!user.password.endsWith(CHANGED)) user.password += CHANGED;
    await applyEdit(world, { edit: 'end-sessions', endpoint: id });
  },
  async 'certificate-replaced'(world: World, { id }: VCenter): Promise<void> {
    await applyEdit(world, { edit: 'replace-certificate', endpoint: id, by: 'stranger' });
  },
  async 'vcenter-silent'(world: World, { id }: VCenter, lastsMs: number): Promise<void> {
    const fault = world.faults.add({ kind: 'hang', operation: '*', vCenter: id, count: null, milliseconds: lastsMs });
    await world.clock.sleep(lastsMs);
    world.faults.clear(fault.id);
  },
  /** Its services start again, which is answered with 503; sessions and records of tasks are lost. */
  async 'vcenter-503'(world: World, vCenter: VCenter, lastsMs: number): Promise<void> {
    if (vCenter.availability !== 'up' || vCenter.appliance.state === 'INSTALL_IN_PROGRESS') return;
    vCenterGoesDown(world, vCenter, 'services restarted');
    vCenter.availability = 'starting';
    await world.clock.sleep(lastsMs);
    await vCenterComesBack(world, vCenter);
  },
};

/** Moments of a run in which something hangs on the vCenter. */
const MOMENTS: readonly WorldEventKind[] = [
  'backup-finished',
  'policy-changed',
  'draft-changed',
  'maintenance-mode-entered',
  'remediation-started',
  'reboot-started',
  'build-changed',
  'attested',
  'base-image-imported',
  'maintenance-mode-left',
  'host-removed',
  'host-added',
];

/** None to two of them. */
export function randomHappenings(dice: Dice): Happening[] {
  const kinds = Object.keys(HAPPENINGS) as Happening['what'][];
  return Array.from({ length: Math.max(0, dice.below(4) - 1) }, () => ({
    what: dice.pick(kinds),
    vCenter: dice.pick(['ta-vc', 'workload-vc']),
    at: dice.pick(MOMENTS),
    nth: 1 + dice.below(2),
    afterMs: dice.below(400),
    lastsMs: 500 + dice.below(4_000),
  }));
}

/** Lets each of them happen in its moment. @returns where those that happened are collected */
export function letHappen(world: World, happenings: readonly Happening[]): string[] {
  const happened: string[] = [];
  const seen = new Map<WorldEventKind, number>();
  world.events.subscribe(({ what: event }) => {
    const times = (seen.get(event) ?? 0) + 1;
    seen.set(event, times);
    for (const { what, vCenter, at, nth, afterMs, lastsMs } of happenings) {
      if (at !== event || nth !== times) continue;
      world.clock.after(afterMs, () => {
        happened.push(what);
        void HAPPENINGS[what](world, world.vCenter(vCenter), lastsMs);
      });
    }
  });
  return happened;
}

/** Passwords and certificates are again what the site was told. */
export async function undoHappenings(world: World): Promise<void> {
  for (const { id, users } of world.state.vCenters) {
    for (const user of users)
      if (user.password.endsWith(CHANGED)) user.password = user.password.slice(0, -CHANGED.length);
    const presented = world.events
      .all()
      .findLast(
        ({ what, detail }) =>
          what === 'edited' && detail['edit'] === 'replace-certificate' && detail['endpoint'] === id,
      );
    if (presented?.detail['by'] === 'stranger')
      await applyEdit(world, { edit: 'replace-certificate', endpoint: id, by: 'site' });
  }
}
