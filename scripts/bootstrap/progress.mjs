const started = Date.now();

/** One line for a waiting person, with the seconds since the script began. Standard output stays free for the answer. */
export function progress(line) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(5);
  process.stderr.write(`[${seconds} s] ${line}\n`);
}
