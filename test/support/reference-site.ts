import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { hostsSite } from './hosts-site';

export const TEST_HOST = 'test-host-1.lab.example';
export const TEST_CLUSTER = 'Test Cluster';
/** Beside the test host in its cluster; no run has anything to do with it. */
export const TEST_NEIGHBOUR = 'test-host-2.lab.example';

/** A site whose vCenters are at their target, with a cluster of two test hosts outside of vSphere Trust Authority. */
export function referenceSite(image: 'old' | 'new' = 'old'): ScenarioInput {
  const site = hostsSite();
  for (const trusted of site.trusted)
    trusted.referenceClusters = [
      {
        name: TEST_CLUSTER,
        hosts: { count: 2, prefix: 'test-host', image },
        policy: { enable_quick_boot: true },
      },
    ];
  return site;
}

/** The request that does nothing but teach the Trust Authority Cluster the base image of the test host. */
export function referenceRequest(infrastructure: string, changes: Record<string, unknown> = {}) {
  return {
    infrastructure,
    target: { esxi: { baseImage: '8.0.3-0.0.24674464' } },
    baseImage: { from: 'reference-host', host: TEST_HOST, upgrade: true },
    phases: [],
    ...changes,
  };
}
