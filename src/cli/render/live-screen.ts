import type { Io } from '../io';

/** Lines that are drawn again in place. */
export interface LiveScreen {
  draw(lines: readonly string[]): void;
  clear(): void;
}

/** A display in place on the terminal of standard output; lines that do not fit are cut, so that it never scrolls. */
export function liveScreen(io: Io): LiveScreen {
  let drawn: string[] = [];
  const up = () => (drawn.length === 0 ? '' : `\u001b[${drawn.length}A\u001b[J`);
  return {
    draw(lines) {
      const { columns, rows } = io.screen() ?? { columns: 80, rows: 24 };
      const fitting = fit(lines, rows - 1).map((line) => cut(line, columns));
      if (fitting.join('\n') === drawn.join('\n')) return;
      io.answer(`${up()}${fitting.join('\n')}\n`);
      drawn = fitting;
    },
    clear() {
      if (drawn.length > 0) io.answer(up());
      drawn = [];
    },
  };
}

/** The head tells the state and the end holds the open gates: what is cut lies between. */
function fit(lines: readonly string[], room: number): string[] {
  if (lines.length <= room) return [...lines];
  const head = Math.min(3, room);
  const tail = room - head - 1;
  if (tail < 1) return lines.slice(0, room);
  return [...lines.slice(0, head), `  … ${lines.length - head - tail} lines more`, ...lines.slice(-tail)];
}

function cut(line: string, columns: number): string {
  const characters = Array.from(line);
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`;
}
