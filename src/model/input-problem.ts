/** What is wrong with something that a person wrote: where, what, and what was probably meant. Never a value that may be secret. */
export interface InputProblem {
  /** Keys and indices from the top, such as `infrastructures.prod.trusted[0].vCenter.url`; empty for the whole. */
  path: string;
  message: string;
  /** Position in the file, counted from 1, where there is a file. */
  line?: number;
  column?: number;
  /** The valid key or value that is nearest to what was written. */
  nearest?: string;
}

export type InputPath = readonly (string | number)[];

/** Finds the place of a key or of its value in the text that was read; a missing key is at the object that lacks it. */
export type Locate = (path: InputPath, part: 'key' | 'value') => { line: number; column: number } | undefined;

/** All problems of an input at once, or the checked value with its defaults filled in. */
export type Checked<T> = { kind: 'valid'; value: T } | { kind: 'invalid'; problems: InputProblem[] };

/** Makes a problem, with the place in the file where `locate` knows it. */
export function problemAt(
  path: InputPath,
  message: string,
  locate?: Locate,
  details: { part?: 'key' | 'value'; nearest?: string | undefined } = {},
): InputProblem {
  return {
    path: writePath(path),
    message,
    ...locate?.(path, details.part ?? 'value'),
    ...(details.nearest === undefined ? {} : { nearest: details.nearest }),
  };
}

/** A problem as one line: `FILE:LINE:COLUMN: PATH: MESSAGE`, without what is not known. */
export function describeProblem(problem: InputProblem, file?: string): string {
  const place = [file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  return [place, problem.path, problem.message].filter((part) => part !== '').join(': ');
}

/** Writes a path as JavaScript would: plain names with dots, indices and names with other characters in brackets. */
export function writePath(path: InputPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}
