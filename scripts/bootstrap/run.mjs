import { spawn } from 'node:child_process';
import { progress } from './progress.mjs';

/** A waiting person sees at least one line in this time. */
const SIGN_OF_LIFE_MS = 15_000;

/**
 * Runs a command quietly: what it prints is shown only when it fails.
 * @param what for the progress lines, such as `Building`
 * @returns {Promise<void>} rejects when the command does not end with exit code 0
 */
export function run(what, command, args, cwd) {
  progress(what);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => (output += chunk);
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setInterval(() => progress(`${what}: still at it`), SIGN_OF_LIFE_MS);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(timer);
      if (code === 0) return resolve();
      process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
      reject(new Error(`${what} failed: \`${command} ${args.join(' ')}\` ended with ${signal || `exit code ${code}`}`));
    });
  });
}
