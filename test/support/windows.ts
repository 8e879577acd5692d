import type { MaintenanceWindow } from '../../src/model/maintenance-window';

const MINUTE = 60_000;
const EVERY_DAY: MaintenanceWindow['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * A window of every day in UTC that opens at the first whole minute after a while.
 * @param minutes how long it stays open
 */
export function windowOpeningIn(milliseconds: number, minutes: number): { window: MaintenanceWindow; opensAt: number } {
  const opensAt = Math.ceil((Date.now() + milliseconds) / MINUTE) * MINUTE;
  const [from, to] = [opensAt, opensAt + minutes * MINUTE].map((at) => new Date(at).toISOString().slice(11, 16));
  return { window: { timeZone: 'UTC', days: EVERY_DAY, from: from ?? '', to: to ?? '', except: [] }, opensAt };
}

/** A window that is closed for hours. */
export function closedWindow(minutes = 60): MaintenanceWindow {
  return windowOpeningIn(3 * 60 * MINUTE, minutes).window;
}
