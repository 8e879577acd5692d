import { Temporal } from 'temporal-polyfill';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { quickSite } from '../support/quick-site';

export const TIME_ZONE = 'Europe/Zurich';

/** Months in which Quick Boot is switched off: what hosts boot fully is known then. */
const FULL_BOOTS = [1, 8];

/**
 * A timer that this server fires while what it watches over comes to its end makes the server lose the workflow: the
 * warning deadlines of such a pace are never reached.
 */
export const YEAR_PACE = 0.02;

/** What happens at the time of the schedule of a month, besides what always happens. */
export interface Month {
  /** 1 to 12. */
  number: number;
  /** The time of the schedule, milliseconds since 1970: an hour before the window opens. */
  at: number;
  /** The image that somebody has committed by then. */
  baseImage: string;
  quickBoot: 'disable' | 'keep';
  /** Trust Authority Hosts get the image too. */
  trustAuthority: boolean;
  /** No worker is there until the window is over, or none for weeks, in the middle of the run. */
  worker: 'there' | 'misses the window' | 'leaves in the middle';
}

/** The night from the last Saturday of each month to Sunday: the clocks are changed in two of them. */
export function monthsFrom(now: number): Month[] {
  const first = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(TIME_ZONE).toPlainDate();
  return Array.from({ length: 12 }, (_, index) => {
    const number = index + 1;
    return {
      number,
      at: lastSaturday(first.with({ day: 1 }).add({ months: number })),
      baseImage: imageOfMonth(number),
      quickBoot: FULL_BOOTS.includes(number) ? 'disable' : 'keep',
      trustAuthority: number % 6 === 1,
      worker: number === 2 ? 'misses the window' : number === 3 ? 'leaves in the middle' : 'there',
    };
  });
}

function lastSaturday(month: Temporal.PlainDate): number {
  const last = month.with({ day: month.daysInMonth });
  const saturday = last.subtract({ days: (last.dayOfWeek + 1) % 7 });
  return saturday.toPlainDateTime('21:00').toZonedDateTime(TIME_ZONE).epochMilliseconds;
}

/** What all times of the schedule ask for. */
export function requestOf({ quickBoot }: Month, infrastructure: string): Record<string, unknown> {
  return {
    infrastructure,
    take: { vCenter: 'nothing' },
    window: { timeZone: TIME_ZONE, days: ['sat'], from: '22:00', to: '05:00' },
    standingApproval: {
      by: ['alice'],
      reason: 'CHG-4711, monthly patches',
      hosts: true,
      warnings: ['VTA_NOT_RESTORABLE', 'VTA_NOT_RECOVERABLE', 'VTA_NO_VCENTER_BACKUP'],
    },
    quickBoot,
    removeBaseImages: {},
    soak: '20m',
  };
}

/** @param number 0: the image of the beginning */
function imageOfMonth(number: number): string {
  return `8.0.3-0.${number}.${24_000_000 + number * 1000}`;
}

/** A site with the image of every month in its depots, whose Trusted Hosts can be Quick Booted. */
export function yearSite(hosts: { trustAuthority: number; trusted: number }): ScenarioInput {
  const site = quickSite();
  const vCenter = { version: '8.0.3.00500', build: '24674346', updates: [] };
  const images = Object.fromEntries(
    Array.from({ length: 13 }, (_, number) => [`month-${number}`, { baseImage: imageOfMonth(number) }]),
  );
  const image = 'month-0';
  const { trustAuthority } = site;
  return {
    ...site,
    name: 'year',
    infrastructure: 'year',
    images,
    trustAuthority: {
      ...trustAuthority,
      vCenter: { ...trustAuthority.vCenter, ...vCenter },
      cluster: {
        name: 'vTA Cluster',
        hosts: { count: hosts.trustAuthority, prefix: 'ta-host', image },
      },
      trustedImages: [image],
    },
    trusted: [
      {
        vCenter: { name: 'workload-vc', ...vCenter },
        clusters: [
          {
            name: 'Trusted Cluster',
            hosts: { count: hosts.trusted, prefix: 'host', image, vms: 1 },
            policy: { enable_quick_boot: true },
          },
        ],
      },
    ],
    paceScale: YEAR_PACE,
    durations: {
      ...site.durations,
      imageCheck: 20,
      imageStage: 20,
      reboot: 100,
      quickBoot: 60,
      attestation: 40,
      attestationPeriod: 6 * 3_600_000,
    },
  };
}
