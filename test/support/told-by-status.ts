import { type } from '../cli/support/type-command';
import { eventually } from './people';
import type { Rehearsal } from './rehearsal';

/** Waits until `vta-upgrade status`, as people type it, shows a line that matches; returns the line. */
export async function toldByStatus({ infrastructure }: Rehearsal, line: RegExp): Promise<string> {
  const shown = new Set<string>();
  const look = async () => {
    const { stdout } = await type(['status', infrastructure]);
    const lines = stdout.split('\n');
    for (const seen of lines.filter((each) => /last seen|failed: /.test(each))) shown.add(seen);
    return lines.find((each) => line.test(each));
  };
  return await eventually(`in status: ${String(line)}`, look).catch((error: unknown) => {
    throw new Error(`${String(error)}; it showed:\n${[...shown].join('\n')}`, { cause: error });
  });
}
