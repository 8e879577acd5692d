import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import type { WorldEvent } from '../../simulator/world/events';
import { quickSite } from '../support/quick-site';
import { TIME_ZONE, YEAR_PACE } from './months';

const HOUR_MINUTES = 60;
const NOON = 12 * HOUR_MINUTES;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const OPENS = 22 * HOUR_MINUTES;
const CLOSES = 90;
/** What a host takes, nearly all of it the time for which it is watched: that is a timer, which this server can skip. */
const HOST_MINUTES = 30;

/** A site of two Trust Authority Hosts and many Trusted Hosts, all of which are to be upgraded, with their vCenters. */
export function nightsSite(trustedHosts: number): ScenarioInput {
  const site = quickSite();
  const durations = { ...site.durations, imageCheck: 20, imageStage: 20, attestationPeriod: 6 * 3_600_000 };
  for (const { clusters } of site.trusted)
    for (const { hosts } of clusters) Object.assign(hosts, { count: trustedHosts });
  return { ...site, name: 'nights', infrastructure: 'nights', durations, paceScale: YEAR_PACE };
}

/** Seven hosts of half an hour fit into each night, from 22:00 to 01:30. */
export function nightsRequest(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    infrastructure: 'nights',
    target: { vCenter: '8.0.3.00500', esxi: { baseImage: '8.0.3-0.0.24674464' } },
    window: { timeZone: TIME_ZONE, from: '22:00', to: '01:30' },
    soak: `${HOST_MINUTES - 1}m`,
    ...changes,
  };
}

/** Hosts by the night in which they were begun, by the world's own log. */
export function hostsByNight(events: readonly WorldEvent[]): Map<string, string[]> {
  const nights = new Map<string, string[]>();
  for (const { what, time, host = '' } of events) {
    if (what !== 'maintenance-mode-entering') continue;
    // The night after a day belongs to it.
    const { date } = localTime(Date.parse(time) - NOON * 60_000);
    nights.set(date, [...(nights.get(date) ?? []), host]);
  }
  return nights;
}

/** How long each kind of begin takes from then on, at least: what must end inside of the window too. */
const BEGINS = {
  'maintenance-mode-entering': HOST_MINUTES - 1,
  'remediation-started': HOST_MINUTES - 1,
  'vcenter-update-started': 0,
};

/** What was begun outside of the window, or too late to end inside of it, by the world's own log. */
export function begunOutside(events: readonly WorldEvent[]): string[] {
  return events.flatMap(({ what, time, host, vCenter }) => {
    const takes = Object.hasOwn(BEGINS, what) ? BEGINS[what as keyof typeof BEGINS] : undefined;
    const { minute } = localTime(Date.parse(time));
    const inside = minute >= OPENS || minute + (takes ?? 0) <= CLOSES;
    return takes === undefined || inside ? [] : [`${what} ${host ?? vCenter ?? ''} at ${time}`];
  });
}

/** The next noon: the first night is a whole one. */
export function noonAfter(at: number): number {
  const { minute } = localTime(at);
  const wait = NOON - minute;
  return at + (wait > 0 ? wait : wait + DAY_MINUTES) * 60_000;
}

function localTime(at: number): { date: string; minute: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: TIME_ZONE,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * HOUR_MINUTES + Number(part('minute')),
  };
}
