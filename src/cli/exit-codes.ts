/** How every command ends. Scripts rely on them: a code never changes its meaning. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  waiting: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For help and docs. */
export const EXIT_CODE_MEANINGS: [ExitCode, string][] = [
  [EXIT.done, 'done, or going on well'],
  [EXIT.failed, 'failed: the message says what is true now'],
  [EXIT.usage, 'wrong usage: an option, a request or a configuration is not valid; nothing was contacted or changed'],
  [EXIT.refused, 'refused by a rule: a plan that must not be carried out, an answer that the run does not take'],
  [EXIT.waiting, 'waiting for a person: a gate is open'],
  [EXIT.interrupted, 'interrupted by Ctrl-C or SIGTERM before it was done; what it had started has been ended'],
];
