import type { Progress } from '../../model/progress';
import type { Io } from '../io';
import { liveScreen } from './live-screen';
import { progressNews, renderProgress } from './progress';

/** Shows a run while it goes on. */
export interface RunDisplay {
  progress(progress: Progress): void;
  /** Something keeps us from looking; told once, until it is over: its words change with every try. */
  trouble(message: string): void;
  /** The run has ended: makes room for its report. */
  clear(): void;
}

/** One JSON object a line for scripts, in place on a terminal, line by line elsewhere. */
export function runDisplay(io: Io, output: 'text' | 'json'): RunDisplay {
  if (output === 'json') return jsonLines(io);
  return io.screen() === undefined ? plainLines(io) : inPlace(io);
}

function jsonLines(io: Io): RunDisplay {
  let last = '';
  const say = (value: unknown) => {
    const line = JSON.stringify(value);
    if (line !== last) io.answer(`${line}\n`);
    last = line;
  };
  return {
    progress: (progress) => say({ kind: 'open', progress }),
    trouble: (message) => say({ kind: 'trouble', message }),
    clear() {},
  };
}

function plainLines(io: Io): RunDisplay {
  let before: Progress | undefined;
  let told = '';
  return {
    progress(progress) {
      for (const line of progressNews(before, progress)) io.answer(`${line}\n`);
      before = progress;
      told = '';
    },
    trouble(message) {
      if (told === '') io.note(`${message}\nLooking again until it answers.\n`);
      told = message;
    },
    clear() {},
  };
}

function inPlace(io: Io): RunDisplay {
  const screen = liveScreen(io);
  let last: string[] = [];
  return {
    progress(progress) {
      last = renderProgress(progress);
      screen.draw(last);
    },
    trouble: (message) => screen.draw([...last, '', message, 'Looking again until it answers.']),
    clear: () => screen.clear(),
  };
}
