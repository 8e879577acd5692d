import { describe, expect, it } from 'vitest';
import type { Inventory, VCenterFacts } from '../../src/model/inventory';
import type { PatchRequest } from '../../src/model/patch-request';
import { checkRequest } from '../../src/model/request.schema';
import { patchRun, pendingHosts, pendingUpdates } from '../../src/planner/pending-patches';
import {
  inventory,
  NEW,
  TA_VCENTER,
  trustedCluster,
  upgradedHost,
  vCenter,
  withTrusted,
  WORKLOAD_VCENTER,
} from '../support/inventory';

function patch(changes: Partial<PatchRequest> = {}): PatchRequest {
  return {
    infrastructure: 'lab',
    take: { vCenter: 'security', hosts: 'desired' },
    approve: [],
    baseImage: { from: 'first-host' },
    quickBoot: 'disable',
    failureBudget: 0,
    ...changes,
  };
}

type Update = VCenterFacts['pendingUpdates'][number];
const update = (version: string, type = 'SECURITY'): Update => ({ version, type, rebootRequired: true });

/** A world whose vCenters run and are offered this. */
function world(ta: Partial<VCenterFacts>, workload: Partial<VCenterFacts>): Inventory {
  const healthy = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, workload) });
  return { ...healthy, trustAuthority: { ...healthy.trustAuthority, vCenter: vCenter(TA_VCENTER, ta) } };
}

const both = (changes: Partial<VCenterFacts>) => world(changes, changes);

describe('the update that a patch run takes', () => {
  it.each<[string, PatchRequest['take'], Inventory, string | undefined]>([
    [
      'is the newest one',
      { vCenter: 'security', hosts: 'desired' },
      both({ pendingUpdates: [update('8.0.3.00500'), update('8.0.3.00600')] }),
      '8.0.3.00600',
    ],
    [
      'is of the kind that is taken',
      { vCenter: 'security', hosts: 'desired' },
      both({ pendingUpdates: [update('8.0.3.00500'), update('8.0.3.00600', 'FIX')] }),
      '8.0.3.00500',
    ],
    [
      'is of any kind where any is taken',
      { vCenter: 'any', hosts: 'desired' },
      both({ pendingUpdates: [update('8.0.3.00500'), update('8.0.3.00600', 'FIX')] }),
      '8.0.3.00600',
    ],
    [
      'is never a major step',
      { vCenter: 'any', within: '9.0.0', hosts: 'desired' },
      both({ pendingUpdates: [update('9.0.0.00100', 'UPGRADE')] }),
      undefined,
    ],
    [
      'stays within the release that runs',
      { vCenter: 'any', hosts: 'desired' },
      both({ pendingUpdates: [update('8.0.4.00100')] }),
      undefined,
    ],
    [
      'goes to the release that is named',
      { vCenter: 'any', within: '8.0.4', hosts: 'desired' },
      both({ pendingUpdates: [update('8.0.4.00100'), update('8.0.3.00500')] }),
      '8.0.4.00100',
    ],
    ['is none where none is taken', { vCenter: 'nothing', hosts: 'desired' }, both({}), undefined],
    [
      'is none where none is offered',
      { vCenter: 'security', hosts: 'desired' },
      both({ pendingUpdates: [] }),
      undefined,
    ],
    [
      'is never older than what runs',
      { vCenter: 'any', hosts: 'desired' },
      both({ version: '8.0.3.00700', pendingUpdates: [update('8.0.3.00500')] }),
      undefined,
    ],
    [
      'is for the one that lacks it',
      { vCenter: 'security', hosts: 'desired' },
      world({ version: NEW.vCenter, pendingUpdates: [] }, {}),
      NEW.vCenter,
    ],
    [
      'is the newest that all can take',
      { vCenter: 'security', hosts: 'desired' },
      world(
        { pendingUpdates: [update('8.0.3.00500'), update('8.0.3.00600')] },
        { pendingUpdates: [update('8.0.3.00500')] },
      ),
      '8.0.3.00500',
    ],
    [
      'is none where one cannot go along',
      { vCenter: 'security', hosts: 'desired' },
      world({ pendingUpdates: [update('8.0.3.00600')] }, { pendingUpdates: [update('8.0.3.00500')] }),
      undefined,
    ],
    [
      'is none where it would be a step back for one',
      { vCenter: 'security', hosts: 'desired' },
      world({ version: '8.0.3.00600', pendingUpdates: [] }, {}),
      undefined,
    ],
  ])('%s', (_what, take, facts, target) => {
    const found = pendingUpdates(patch({ take }), facts);
    expect(found.target).toBe(target);
    expect(found.pending.length > 0).toBe(target !== undefined);
    // One sentence for each vCenter, whatever comes of it.
    expect([...found.pending, ...found.why].sort().map((text) => text.split(':')[0])).toEqual([
      `vCenter ${TA_VCENTER}`,
      `vCenter ${WORKLOAD_VCENTER}`,
    ]);
  });

  it('is said why not, for each vCenter', () => {
    const facts = world(
      { pendingUpdates: [update('8.0.3.00600')] },
      { pendingUpdates: [update('8.0.3.00500', 'FIX')] },
    );
    expect(pendingUpdates(patch(), facts).why).toEqual([
      'vCenter ta-vc.lab.example: runs 8.0.3.00400 and is offered 8.0.3.00600 (SECURITY), but workload-vc.lab.example cannot take that; all vCenters go to one version',
      'vCenter workload-vc.lab.example: runs 8.0.3.00400 and is offered 8.0.3.00500 (FIX); the request takes updates of kind SECURITY, within the release that runs',
    ]);
  });
});

describe('the hosts that a patch run takes', () => {
  const hosts = (request: PatchRequest, facts: Inventory) => {
    const run = checkRequest(patchRun(request, undefined));
    if (run.kind === 'invalid') throw new Error(JSON.stringify(run.problems));
    return pendingHosts(request, run.value, facts);
  };

  it('are those that are not at the desired image of their cluster', () => {
    const clusters = [
      trustedCluster({ hosts: [upgradedHost('host-1')] }),
      trustedCluster({ id: 'e', name: 'Empty', hosts: [] }),
    ];
    expect(hosts(patch(), withTrusted({ clusters }))).toEqual({
      pending: [
        'cluster vTA Cluster: 3 of 3 hosts are not at its desired image, base image 8.0.3-0.0.24674464: ta-host-1.lab.example, ta-host-2.lab.example and ta-host-3.lab.example',
      ],
      why: [
        'cluster Trusted Cluster: all 1 hosts run its desired image, base image 8.0.3-0.0.24674464',
        'cluster Empty: has no hosts',
      ],
    });
  });

  it('are none where none are taken', () => {
    expect(hosts(patch({ take: { vCenter: 'any', hosts: 'nothing' } }), inventory())).toEqual({
      pending: [],
      why: ['cluster vTA Cluster: the request takes no hosts', 'cluster Trusted Cluster: the request takes no hosts'],
    });
  });

  it('of a cluster whose image is not known are left to the planner, which refuses it', () => {
    const { desiredImage: _none, ...cluster } = trustedCluster();
    expect(hosts(patch(), withTrusted({ clusters: [cluster] })).pending).toContain(
      'cluster Trusted Cluster: it is not known what its hosts are to run',
    );
  });
});

describe('the request of the run', () => {
  it('is one that people could have written', () => {
    const standingApproval = { by: ['alice'], reason: 'x', hosts: true as const, warnings: [] };
    const window = { timeZone: 'UTC', days: ['sat' as const], from: '22:00', to: '05:00', except: [] };
    const request = patch({
      standingApproval,
      window,
      soakMs: 90_000,
      reason: 'monthly',
      approve: ['host'],
      recoverTrustedHosts: true,
    });
    expect(checkRequest(patchRun(request, NEW.vCenter))).toEqual({
      kind: 'valid',
      value: {
        infrastructure: 'lab',
        target: { vCenter: NEW.vCenter, esxi: 'desired' },
        baseImage: { from: 'first-host' },
        approve: ['host'],
        phases: [1, 2, 3, 4],
        quickBoot: 'disable',
        reboot: [],
        failureBudget: 0,
        reason: 'monthly',
        soakMs: 90_000,
        recoverTrustedHosts: true,
        standingApproval,
        window,
      },
    });
  });

  it('leaves the phases of hosts out where none are taken, with the reason that this needs', () => {
    expect(patchRun(patch({ take: { vCenter: 'any', hosts: 'nothing' } }), NEW.vCenter)).toMatchObject({
      phases: [1, 3],
      reason: 'a patch run whose request takes no hosts',
    });
  });
});
