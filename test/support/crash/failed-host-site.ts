import type { ScenarioInput } from '../../../simulator/scenarios/scenario.schema';
import type { FaultSpec } from '../../../simulator/world/faults';
import { powerCycle, revert } from '../../../simulator/world/host-boot';
import type { Host } from '../../../simulator/world/state';
import type { World } from '../../../simulator/world/world';
import { hostsSite, HOST_1, TA_1 } from '../hosts-site';
import type { Site } from '../judge-order';
import { crashSite, CRASH_SITE } from './crash-site';

/** Which kind of host fails after its remediation, is brought back and upgraded again. */
export type FailedHostRole = 'trust-authority' | 'trusted';

/** A site with a host that fails, and what is done about it. */
export interface FailedHostSite {
  scenario: () => ScenarioInput;
  site: Site;
  /** Replaces parts of the request. */
  request: Record<string, unknown>;
  fault: FaultSpec & { host: string };
  /** A hand at the console, that does nothing twice because its answer was lost. */
  atConsole: (world: World, host: Host) => Promise<unknown>;
}

export const FAILED_HOST_SITES: Record<FailedHostRole, FailedHostSite> = {
  'trust-authority': {
    scenario: crashSite,
    site: CRASH_SITE,
    request: {},
    fault: { kind: 'service-broken', host: TA_1, service: 'attestd' },
    atConsole: async (world, host) => host.brokenService !== null && (await revert(world, host)),
  },
  // A Trusted Host is only removed while another one of its cluster attests.
  trusted: {
    scenario: () => hostsSite({ trusted: 2 }),
    site: { ...CRASH_SITE, trustedHosts: [HOST_1, 'host-2.lab.example'] },
    request: { phases: [4], reason: 'the Trusted Hosts', recoverTrustedHosts: true },
    fault: { kind: 'no-return', host: HOST_1 },
    atConsole: async (world, host) => !host.up && (await powerCycle(world, host)),
  },
};
