import { describe, expect, it } from 'vitest';
import type { ClusterFacts, Inventory } from '../../src/model/inventory';
import type { UpgradeRequest } from '../../src/model/request';
import {
  host,
  inventory,
  NEW,
  plan,
  request,
  TA_VCENTER,
  TRUSTED_CLUSTER,
  trustedCluster,
  upgradedHost,
  vCenter,
  withTrustAuthority,
  withTrusted,
  withTrustedHosts,
  WORKLOAD_VCENTER,
} from '../support/inventory';

function warnings(world: Inventory, asked?: UpgradeRequest): [code: string, subject: string][] {
  return plan(asked, world).warnings.map(({ code, subject }) => [code, subject]);
}

it('the healthy world gives no warning', () => {
  expect(warnings(inventory())).toEqual([]);
});

describe('where the request allows that a failed Trusted Host is brought back, warned of is', () => {
  const allowed = request({ recoverTrustedHosts: true });
  const recoveries = (world: Inventory, asked = allowed) =>
    plan(asked, world)
      .warnings.filter(({ subject }) => subject === 'recovery of a Trusted Host')
      .map(({ code, message }) => `${code}: ${message}`);

  it('nothing, if nothing stands against it', () => {
    expect(recoveries(inventory())).toEqual([]);
  });

  it('what the account lacks for it, and not where the request does not allow it', () => {
    const world = inventory({ lackingForTrustedRecovery: ['upgrader lacks privileges at workload: X.'] });
    expect(recoveries(world)).toEqual([
      expect.stringMatching(/^VTA_NOT_RECOVERABLE: upgrader lacks .* although the request allows it\.$/),
    ]);
    expect(recoveries(world, request())).toEqual([]);
  });

  it('that no account for ESXi hosts is configured', () => {
    const baseImageFile = { name: 'image.tgz', sha256: 'a'.repeat(64), bytes: 1 };
    const world = { ...inventory({ baseImageFile }), canExportBaseImages: false };
    const asked = request({ recoverTrustedHosts: true, baseImage: { from: 'file', name: 'image.tgz' } });
    expect(recoveries(world, asked)).toEqual([expect.stringContaining('no account for ESXi hosts is configured')]);
  });

  it('a host that is the only one of its cluster', () => {
    expect(recoveries(withTrustedHosts({}))).toEqual([expect.stringContaining('is never removed')]);
  });
});

describe('warned of is', () => {
  it('a vCenter that uses the Trust Authority Cluster and that the file does not name (R13)', () => {
    const { services } = inventory().trustAuthority;
    const stranger = { issuer: 'https://other-vc/openidconnect/vsphere.local', name: 'other' };
    const world = withTrustAuthority({
      services: { ...services, consumerPrincipals: [...services.consumerPrincipals, stranger] },
    });
    expect(warnings(world)).toEqual([['VTA_UNKNOWN_CONSUMER', 'consumer other']]);
  });

  it('what could not be given back to a host that is added again (R33)', () => {
    const world = inventory({ notRestorable: [{ what: 'the client key of kms', why: 'it was made by a CSR' }] });
    expect(warnings(world)).toEqual([['VTA_NOT_RESTORABLE', 'the client key of kms']]);
  });

  it('a trusted base image without a file in the archive', () => {
    const { services } = inventory().trustAuthority;
    const baseImages = [{ version: '8.0.2-1', displayName: 'ESXi', health: 'OK', hasFile: false } as const];
    expect(warnings(withTrustAuthority({ services: { ...services, baseImages } }))).toEqual([
      ['VTA_NOT_RESTORABLE', 'base image 8.0.2-1'],
    ]);
  });

  describe('a vCenter without a backup', () => {
    const { backup: _none, ...without } = vCenter(TA_VCENTER);
    const world = withTrustAuthority({ vCenter: without });

    it('that is updated', () => {
      expect(warnings(world)).toEqual([['VTA_NO_VCENTER_BACKUP', `vCenter ${TA_VCENTER}`]]);
    });

    it('but not one that stays as it is', () => {
      expect(warnings(world, request({ target: { esxi: 'desired' } }))).toEqual([]);
    });

    it('nor one whose backup is taken elsewhere', () => {
      const elsewhere = vCenter(TA_VCENTER, { backup: { elsewhere: 'nightly' } });
      expect(warnings(withTrustAuthority({ vCenter: elsewhere }))).toEqual([]);
    });
  });

  it('a vCenter whose health is yellow', () => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { health: 'yellow' }) });
    expect(warnings(world)).toEqual([['VTA_VCENTER_UNHEALTHY', `vCenter ${WORKLOAD_VCENTER}`]]);
  });

  it.each<[string, Partial<ClusterFacts>, string]>([
    ['on', { quickBoot: true }, 'Quick Boot is on.'],
    ['on, with Quick Patch', { quickBoot: true, quickPatch: true }, 'Quick Boot and Quick Patch are on.'],
    ['not known', { quickBoot: 'unknown' }, 'it could not be read whether Quick Boot is on.'],
  ])('Quick Boot that is %s (R14)', (_name, changes, said) => {
    const [warning, ...others] = plan(request(), withTrusted({ clusters: [trustedCluster(changes)] })).warnings;
    expect(warning).toMatchObject({ code: 'VTA_QUICK_BOOT_ON', message: expect.stringContaining(said) });
    expect(warning?.message).toContain('restored after it');
    expect(others).toEqual([]);
  });

  it('DRS that is off where virtual machines run', () => {
    expect(warnings(withTrusted({ clusters: [trustedCluster({ drsEnabled: false })] }))).toEqual([
      ['VTA_DRS_OFF', `cluster ${TRUSTED_CLUSTER}`],
    ]);
    const idle = trustedCluster({ drsEnabled: false, hosts: [host('host-1', { runningVms: 0 })] });
    expect(warnings(withTrusted({ clusters: [idle] }))).toEqual([]);
  });

  it.each(['notAttested', 'unknown'] as const)('one Trusted Host that attests as %s: it goes first', (attestation) => {
    const world = withTrustedHosts({}, {}, { attestation });
    expect(warnings(world)).toEqual([['VTA_HOST_NOT_ATTESTED', 'host host-3.lab.example']]);
    expect(plan(request(), world).phases[3]).toMatchObject({ hosts: [{ name: 'host-3.lab.example' }, {}, {}] });
  });

  it.each([
    ['and taken out of it, when others follow', [{}, { inMaintenanceMode: true }], 'taken out of it', true],
    ['and left in it, when it is the last', [{ inMaintenanceMode: true }], 'left in it', undefined],
  ] as const)('a host in maintenance mode that is upgraded first %s (R10)', (_name, hosts, said, leaves) => {
    const { phases, warnings: found } = plan(request(), withTrustedHosts(...hosts));
    expect(found).toEqual([
      expect.objectContaining({ code: 'VTA_HOST_IN_MAINTENANCE_MODE', message: expect.stringContaining(said) }),
    ]);
    const [first] = phases[3]?.kind === 'hosts' ? phases[3].hosts : [];
    expect(first?.foundInMaintenanceMode).toBe(true);
    expect(first?.leaveMaintenanceMode).toBe(leaves);
  });

  it('nothing of a cluster whose hosts need nothing', () => {
    const hosts = [upgradedHost('host-1', { runningVms: 3 })];
    const quiet = trustedCluster({ quickBoot: true, drsEnabled: false, desiredImage: { baseImage: NEW.image }, hosts });
    expect(warnings(withTrusted({ clusters: [quiet] }))).toEqual([]);
  });

  describe('a maintenance window that is too short by the estimates (M13)', () => {
    const window = { timeZone: 'UTC', days: ['sat' as const], from: '22:00', to: '23:10', except: [] };

    it('for the vCenters, and not for the hosts, that take an hour', () => {
      expect(warnings(inventory(), request({ window }))).toEqual([
        ['VTA_WINDOW_TOO_SHORT', `vCenter ${TA_VCENTER}`],
        ['VTA_WINDOW_TOO_SHORT', `vCenter ${WORKLOAD_VCENTER}`],
      ]);
    });

    it('for one kind of host, with the time that such a host takes and the longest opening', () => {
      const asked = request({ window, soakMs: 15 * 60_000, phases: [4], reason: 'hosts' });
      const [found, ...others] = plan(asked).warnings;
      expect(others).toEqual([]);
      expect(found?.subject).toMatch(/^Trusted Hosts /);
      expect(found?.message).toContain('takes about 65 min');
      expect(found?.message).toContain('22:00 to 23:10 (UTC) on sat; the longest lasts 70 min');
    });

    it('but not for what is not in the run, nor a window that is long enough', () => {
      const asked = request({ window: { ...window, to: '02:00' } });
      expect(warnings(inventory(), asked)).toEqual([]);
      expect(warnings(inventory(), request({ window, phases: [2], reason: 'these only' }))).toEqual([]);
    });
  });
});
