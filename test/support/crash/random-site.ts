import type { ScenarioInput } from '../../../simulator/scenarios/scenario.schema';
import type { Switches } from '../../../simulator/world/settings';
import type { Dice } from '../dice';
import { crashSite } from './crash-site';

/** Ways in which sites differ and that no source settles; what vLCM itself would do against the rules is not among them. */
const SWITCHES: readonly Partial<Switches>[] = [
  { reAddedHostKeepsTrust: true },
  { reAddKeepsMoid: true },
  { failedHostStaysInMaintenanceMode: false },
  { applyTaskFailsWithHost: true },
  { errorsAt: 'task' },
  { createOnPartial: 'already-exists' },
  { createOnPartial: 'converge' },
  { quickBootChangesBootTime: false },
  { tasksSurviveReboot: true },
  { readErrorsAt: 'missing-set' },
  { rebootTaskEnds: 'returned' },
];

/** When a Trusted Host attests: each is a class of failure of its own. */
const ATTESTATION: readonly Partial<Switches>[] = [
  { attestInMaintenanceMode: false },
  { attestOnlyAfterReconnect: true },
  {},
];

/** The site of an order, and what its request says beside what the simulator writes. */
export interface RandomSite {
  scenario: ScenarioInput;
  request: Record<string, unknown>;
  /** How it differs from the crash site and its request, for people. */
  differs: string[];
}

/** The crash site; mostly with vCenters at their target, so that an order is soon at its hosts. */
export function randomSite(dice: Dice): RandomSite {
  const scenario = dice.chance(0.4) ? crashSite() : withUpgradedVCenters();
  const switches = dice.chance(0.5) ? { ...dice.pick(SWITCHES), ...dice.pick(ATTESTATION) } : {};
  const request = {
    // The soak keeps hosts away from their old image for longer than it is kept for.
    ...(dice.chance(0.5) ? { removeBaseImages: { keepFor: '1s' }, soak: '1s' } : {}),
    ...(dice.chance(0.3) ? { quickBoot: 'keep' } : {}),
    ...(dice.chance(0.3) ? { failureBudget: 1 } : {}),
  };
  const differs = [...Object.entries(switches), ...Object.entries(request)];
  return {
    scenario: { ...scenario, switches },
    request,
    differs: differs.map(([name, value]) => `${name} ${JSON.stringify(value)}`),
  };
}

function withUpgradedVCenters(): ScenarioInput {
  const site = crashSite();
  const upgraded = { version: '8.0.3.00500', build: '24674346', updates: [] };
  return {
    ...site,
    trustAuthority: { ...site.trustAuthority, vCenter: { ...site.trustAuthority.vCenter, ...upgraded } },
    trusted: site.trusted.map((one) => ({ ...one, vCenter: { ...one.vCenter, ...upgraded } })),
  };
}
