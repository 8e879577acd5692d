import { type } from '../cli/support/type-command';
import type { Rehearsal } from './rehearsal';

const LONGEST_MS = 90_000;
/** A command connects anew each time: typed all the time by many tests at once, it would keep the machine busy. */
const PAUSE_MS = 1_000;

/** Waits until `vta-upgrade status`, as people type it, shows a line that matches; returns the line. */
export async function toldByStatus({ infrastructure }: Rehearsal, line: RegExp): Promise<string> {
  const until = Date.now() + LONGEST_MS;
  const shown = new Set<string>();
  for (;;) {
    const { stdout } = await type(['status', infrastructure]);
    const lines = stdout.split('\n');
    const found = lines.find((each) => line.test(each));
    if (found !== undefined) return found;
    for (const each of lines.filter((seen) => /last seen|failed: /.test(seen))) shown.add(each.trim());
    if (Date.now() > until)
      throw new Error(`status does not show ${String(line)}, but showed:\n${[...shown].join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
