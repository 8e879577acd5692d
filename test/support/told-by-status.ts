import { type } from '../cli/support/type-command';
import { eventually } from './people';
import type { Rehearsal } from './rehearsal';

/** Waits until `vta-upgrade status`, as people type it, shows a line that matches; returns the line. */
export async function toldByStatus({ infrastructure }: Rehearsal, line: RegExp): Promise<string> {
  return await eventually(`in status: ${String(line)}`, async () => {
    const { stdout } = await type(['status', infrastructure]);
    return stdout.split('\n').find((shown) => line.test(shown));
  });
}
