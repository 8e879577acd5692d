export interface LocateOptions {
  /** TEMPORAL_CLI_PATH, PATH, XDG_CACHE_HOME and what `go` and the SDK read. */
  env: NodeJS.ProcessEnv;
  /** Takes lines that tell a waiting person what is going on. */
  log(line: string): void;
  /** Between two signs of life of a build; not given: 15 s. */
  progressMs?: number;
  /** How long a download may stand still; not given: 5 s. */
  silenceMs?: number;
  /** How long a binary may take to prove that it runs; not given: 10 s. */
  checkMs?: number;
}

/** A binary, or why this way gave none. */
export type Attempt = { path: string } | { problem: string };
