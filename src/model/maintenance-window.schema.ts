import { z } from 'zod';
import { WEEKDAYS, type MaintenanceWindow } from './maintenance-window';
import { distinct, writtenAs } from './written-values.schema';

const timeOfDay = writtenAs(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "22:00"');

const date = writtenAs(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as "2026-12-24"').refine(isDate, {
  error: 'is no date of the calendar',
});

const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'must be the name of a time zone such as "Europe/Zurich" or "UTC"' });

/** A maintenance window as people write it. */
export const maintenanceWindow: z.ZodType<MaintenanceWindow> = z
  .strictObject({
    timeZone: timeZone.describe('IANA name of the time zone in which the times are meant, such as "Europe/Zurich"'),
    days: distinct(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS])
      .describe('days on which it opens; the night after them belongs to them'),
    from: timeOfDay.describe('local time at which it opens, such as "22:00"'),
    to: timeOfDay.describe('local time at which it closes; on the next day when it is not after "from"'),
    except: distinct(date).default([]).describe('dates on which it does not open, such as "2026-12-24"'),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must be another time than "from"' });

function isTimeZone(name: string): boolean {
  // An offset such as "+01:00" would not follow the clocks, and that is what nobody means.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
