import type { Rehearsal } from './rehearsal';
import { toldByStatus } from './told-by-status';

/**
 * A vCenter that answers 503 for a while, and then nothing at all for another. Each lasts until people are told of it:
 * whoever looks need not wait for a deadline.
 * @param id of the vCenter in the simulated world
 */
export async function answersNothingForAWhile(lab: Rehearsal, id: string): Promise<void> {
  const vCenter = lab.simulator.world.vCenter(id);
  vCenter.availability = 'starting';
  await toldByStatus(lab, /(last seen|try \d+ failed): .*503/);
  const hang = lab.simulator.world.faults.add({ kind: 'hang', vCenter: id, operation: '*', count: null });
  vCenter.availability = 'up';
  await toldByStatus(lab, /(last seen|try \d+ failed): .*\(deadline\)/);
  lab.simulator.world.faults.clear(hang.id);
}
