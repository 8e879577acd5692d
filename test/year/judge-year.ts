import type { WorldEvent } from '../../simulator/world/events';
import type { World } from '../../simulator/world/world';

/**
 * What was wrong with a year, a sentence each, by nothing but the world's own log: whether an image was in use when it was
 * removed, whether a host lost its attestation by that, and whether anything was begun outside of the nights from
 * Saturday 22:00 to Sunday 05:00.
 */
export function judgeYear(
  events: readonly WorldEvent[],
  { image: first, trustedHosts }: { image: string; trustedHosts: string[] },
  zone: string,
): string[] {
  const wrong: string[] = [];
  const runs = new Map(trustedHosts.map((host) => [host, first]));
  const known = new Set([first]);
  const say = ({ time, host = '' }: WorldEvent, what: string) => wrong.push(`${time} ${host} ${what}`);
  for (const event of events) {
    const { what, host = '', detail, time } = event;
    const image = (detail['baseImage'] ?? detail['image'] ?? '') as string;
    if (what === 'build-changed' && runs.has(host)) runs.set(host, image);
    if (what === 'base-image-imported') known.add(image);
    if (what === 'base-image-removed') {
      const booted = detail['stillBootedBy'] as string[];
      if (booted.length > 0) say(event, `${image} was removed, which ${booted.join()} had booted`);
      const running = [...runs].flatMap(([name, each]) => (each === image ? [name] : []));
      if (running.length > 0) say(event, `${image} was removed, which ${running.join()} ran`);
    }
    // An image that the Trust Authority never knew is for people to approve; one that it knew was taken from the host.
    if (what === 'not-attested' && known.has(image)) say(event, `does not attest with ${image} any more`);
    if (what === 'maintenance-mode-entering' && !isInside(time, zone)) say(event, 'was begun outside of the window');
    if (what === 'remediation-ended' && !isInside(time, zone)) say(event, 'ended outside of the window');
  }
  return wrong;
}

function isInside(time: string, timeZone: string): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  const [day, hour] = ['weekday', 'hour'].map((type) => {
    return parts.formatToParts(new Date(time)).find((part) => part.type === type)?.value ?? '';
  });
  return (day === 'Sat' && Number(hour) >= 22) || (day === 'Sun' && Number(hour) < 5);
}

/** Base images that any Trust Authority Host trusts. */
export function trustedImages({ state }: World): string[] {
  const all = state.hosts.flatMap(({ trust }) => trust?.baseImages.map(({ image }) => image.baseImage) ?? []);
  return [...new Set(all)];
}
