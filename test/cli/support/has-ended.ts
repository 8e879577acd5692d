import { setTimeout as sleep } from 'node:timers/promises';

/** Whether a process is gone within the given time. */
export async function hasEnded(pid: number, withinMs = 8_000): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(20);
  }
  return false;
}
