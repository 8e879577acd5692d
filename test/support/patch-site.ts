import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import { hostsSite } from './hosts-site';

/**
 * The quick site as it is on patch day: a security update is offered to both vCenters, the desired images are newer than
 * what the hosts run, and the Trust Authority Cluster knows them already.
 */
export function patchSite(type: 'SECURITY' | 'FIX' = 'SECURITY'): ScenarioInput {
  const site = hostsSite();
  const updates = [{ version: '8.0.3.00500', build: '24674346', type }];
  const behind = { version: '8.0.3.00400', build: '24322831', updates };
  Object.assign(site.trustAuthority.vCenter, behind);
  site.trustAuthority.cluster.desiredImage = 'new';
  site.trustAuthority.trustedImages = ['old', 'new'];
  for (const trusted of site.trusted) {
    Object.assign(trusted.vCenter, behind);
    for (const cluster of trusted.clusters) cluster.desiredImage = 'new';
  }
  return site;
}

/** Covers everything that is pending on the site. */
export const STANDING = {
  by: ['alice'],
  reason: 'CHG-4711, monthly patches',
  vCenter: { kinds: ['SECURITY'], within: '8.0.3' },
  hosts: true,
};

/** The request of its patch runs. */
export function patchRequest(infrastructure: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { infrastructure, standingApproval: STANDING, ...changes };
}
