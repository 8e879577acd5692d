import type { Appliance } from './appliance-state';
import type { VCenter } from './state';

export type HealthColour = Appliance['health'][string];

/** From best to worst. */
const ORDER: readonly HealthColour[] = ['green', 'gray', 'yellow', 'orange', 'red'];

/**
 * Colour of one part of the appliance: what the scenario says, else green. `system` is as bad as the worst part, and
 * no better than orange while one of its services is down (guessed).
 */
export function healthOf({ appliance }: VCenter, part: string): HealthColour {
  if (part !== 'system') return appliance.health[part] ?? 'green';
  const parts = Object.values(appliance.health);
  if (appliance.services.some((service) => !service.running)) parts.push('orange');
  return ORDER[Math.max(0, ...parts.map((colour) => ORDER.indexOf(colour)))] ?? 'green';
}
