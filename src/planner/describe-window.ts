import type { MaintenanceWindow } from '../model/maintenance-window';

/** A maintenance window in words: `22:00 to 05:00 (Europe/Zurich) on fri, sat, not on 2026-12-25`. */
export function describeWindow({ timeZone, days, from, to, except }: MaintenanceWindow): string {
  const on = days.length === 7 ? 'every day' : `on ${days.join(', ')}`;
  const not = except.length === 0 ? '' : `, not on ${except.join(', ')}`;
  return `${from} to ${to} (${timeZone}) ${on}${not}`;
}
