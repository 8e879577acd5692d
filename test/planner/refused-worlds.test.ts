import { describe, expect, it } from 'vitest';
import type { HostFacts, Inventory, VCenterFacts } from '../../src/model/inventory';
import {
  host,
  inventory,
  NEW,
  plan,
  refusals,
  request,
  TRUSTED_CLUSTER,
  trustAuthorityCluster,
  trustedCluster,
  upgradedHost,
  vCenter,
  withTrustAuthority,
  withTrustAuthorityHosts,
  withTrusted,
  withTrustedHosts,
  WORKLOAD_VCENTER,
} from '../support/inventory';

const AT_TARGET = { version: NEW.version, build: NEW.build, compliance: 'COMPLIANT' } as const;

function codes(world: Inventory, asked = request()): string[] {
  return refusals(asked, world).map((finding) => finding.code);
}

it('plans the healthy world', () => {
  expect(codes(inventory())).toEqual([]);
});

describe('clusters', () => {
  it('refuses a Trusted Cluster that is the Trust Authority Cluster (R35)', () => {
    const { id, vCenter: on } = trustAuthorityCluster();
    const world = withTrusted({ clusters: [trustedCluster({ id, vCenter: on, name: 'renamed' })] });
    expect(codes(world)).toEqual(['VTA_SAME_CLUSTER']);
  });

  it('takes the same cluster id on another vCenter for another cluster', () => {
    expect(codes(withTrusted({ clusters: [trustedCluster({ id: trustAuthorityCluster().id })] }))).toEqual([]);
  });

  it('refuses a cluster managed by baselines and says that they are not supported yet (R11)', () => {
    const { desiredImage: _none, ...baselines } = trustedCluster({ imageManaged: false });
    const [refusal, ...others] = refusals(request(), withTrusted({ clusters: [baselines] }));
    expect(refusal).toMatchObject({ code: 'VTA_CLUSTER_NOT_IMAGE_MANAGED', subject: `cluster ${TRUSTED_CLUSTER}` });
    expect(refusal?.message).toContain('not supported yet');
    expect(others).toEqual([]);
  });

  it('does not mind baselines in a phase that is not run', () => {
    const world = withTrusted({ clusters: [trustedCluster({ imageManaged: false })] });
    expect(codes(world, request({ phases: [1, 2], reason: 'r' }))).toEqual([]);
  });

  it('refuses "desired" where there is no desired image', () => {
    const { desiredImage: _none, ...without } = trustedCluster();
    expect(codes(withTrusted({ clusters: [without] }))).toEqual(['VTA_DESIRED_IMAGE_MISSING']);
  });

  it('plans a named image where there is no desired image', () => {
    const { desiredImage: _none, ...without } = trustedCluster();
    const asked = request({ target: { esxi: { baseImage: NEW.image } } });
    expect(codes(withTrusted({ clusters: [without] }), asked)).toEqual([]);
  });

  it('refuses a target for a cluster that is not there, and offers the nearest', () => {
    const asked = request({ target: { esxi: { byCluster: { 'trusted clustr': 'desired' } } } });
    expect(refusals(asked)).toEqual([
      expect.objectContaining({
        code: 'VTA_CLUSTER_NOT_FOUND',
        remedy: `Write "${TRUSTED_CLUSTER}" if that was meant.`,
      }),
    ]);
  });

  it.each(['name', 'uuid'] as const)('refuses two hosts of one %s', (identity) => {
    const twins = [host('host-1'), host('host-2')].map((one) => ({ ...one, [identity]: 'same' }));
    const [refusal, ...others] = refusals(request(), withTrusted({ clusters: [trustedCluster({ hosts: twins })] }));
    expect(refusal).toMatchObject({ code: 'VTA_HOST_AMBIGUOUS', subject: 'host same' });
    expect(others).toEqual([]);
  });
});

describe('vCenters', () => {
  it.each<[string, Partial<VCenterFacts>]>([
    ['health orange', { health: 'orange' }],
    ['health red', { health: 'red' }],
    ['health gray', { health: 'gray' }],
    ['health that could not be read', { health: 'unknown' }],
    ['an update being staged', { updateState: 'STAGE_IN_PROGRESS' }],
    ['an update being installed', { updateState: 'INSTALL_IN_PROGRESS' }],
    ['a rollback under way', { updateState: 'ROLLBACK_IN_PROGRESS' }],
    ['a failed update', { updateState: 'INSTALL_FAILED' }],
  ])('refuses %s', (_name, changes) => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, changes) });
    expect(refusals(request(), world)).toEqual([
      expect.objectContaining({ code: 'VTA_VCENTER_UNHEALTHY', subject: `vCenter ${WORKLOAD_VCENTER}` }),
    ]);
  });

  it('refuses a red vCenter that only its hosts bring into the run', () => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { health: 'red' }) });
    expect(codes(world, request({ target: { esxi: 'desired' } }))).toEqual(['VTA_VCENTER_UNHEALTHY']);
  });

  it('does not mind a red vCenter that has no part in the run', () => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { health: 'red' }) });
    expect(codes(world, request({ phases: [1, 2], reason: 'r' }))).toEqual([]);
  });

  it('waits for an update that a child of an earlier run is at, instead of refusing it', () => {
    const busy = vCenter(WORKLOAD_VCENTER, { updateState: 'INSTALL_IN_PROGRESS', health: 'unknown' });
    const openChildren = [`vta-upgrade:lab:vcenter:${WORKLOAD_VCENTER}`];
    expect(plan(request(), { ...withTrusted({ vCenter: busy }), openChildren }).waitFor).toEqual(openChildren);
  });
});

describe('the Trust Authority Cluster', () => {
  it.each(['WARNING', 'ERROR', 'NONE', 'unknown'] as const)('is refused while a service is %s', (health) => {
    const { services } = inventory().trustAuthority;
    expect(codes(withTrustAuthority({ services: { ...services, attestation: health } }))).toEqual([
      'VTA_TRUST_AUTHORITY_UNHEALTHY',
    ]);
    expect(codes(withTrustAuthority({ services: { ...services, keyProvider: health } }))).toEqual([
      'VTA_TRUST_AUTHORITY_UNHEALTHY',
    ]);
  });

  it.each(['DISABLE', 'OK', 'unknown'] as const)('is refused in state %s', (trustState) => {
    const world = withTrustAuthority({ cluster: trustAuthorityCluster({ trustState }) });
    expect(codes(world)).toEqual(['VTA_TRUST_AUTHORITY_UNHEALTHY']);
  });

  it.each(['WARNING', 'ERROR', 'NONE', 'unknown'] as const)(
    'a Trusted Cluster is refused while its applied configuration is %s',
    (trustState) => {
      const [refusal] = refusals(request(), withTrusted({ clusters: [trustedCluster({ trustState })] }));
      expect(refusal).toMatchObject({ code: 'VTA_TRUST_AUTHORITY_UNHEALTHY', subject: `cluster ${TRUSTED_CLUSTER}` });
    },
  );

  it('may be unwell when only vCenters are updated', () => {
    const { services } = inventory().trustAuthority;
    const world = withTrustAuthority({ services: { ...services, attestation: 'ERROR' } });
    expect(codes(world, request({ phases: [1, 3], reason: 'r' }))).toEqual([]);
  });

  it.each<[string, Partial<HostFacts>[], number]>([
    ['one host', [{}], 1],
    ['two hosts of which one does not answer', [{}, { connection: 'notResponding' }], 1],
    ['two hosts of which one has no kmxd', [{}, { stoppedServices: ['kmxd'] }], 1],
    ['two hosts in quarantine mode', [{ inQuarantineMode: true }, { inQuarantineMode: true }], 0],
  ])('is refused with %s', (_name, hosts, healthy) => {
    const found = refusals(request(), withTrustAuthorityHosts(...hosts));
    expect(found).toContainEqual(
      expect.objectContaining({
        code: 'VTA_TOO_FEW_TRUST_AUTHORITY_HOSTS',
        message: expect.stringContaining(`has ${healthy} healthy of ${hosts.length} Trust Authority Hosts`),
      }),
    );
  });

  it('may have one host when that host is at its target', () => {
    expect(codes(withTrustAuthorityHosts(AT_TARGET))).toEqual([]);
  });

  it('may have two hosts of which one is in maintenance mode and goes first', () => {
    expect(codes(withTrustAuthorityHosts({}, { inMaintenanceMode: true }))).toEqual([]);
  });
});

describe('hosts', () => {
  it.each<[string, Partial<HostFacts>, string]>([
    ['disconnected', { connection: 'disconnected' }, 'disconnected from'],
    ['not responding', { connection: 'notResponding' }, 'not responding to'],
    ['in an unknown connection state', { connection: 'unknown' }, 'in an unknown connection state with'],
    ['quarantined', { inQuarantineMode: true }, 'quarantine mode'],
    ['without a service it needs', { stoppedServices: ['attestd', 'kmxd'] }, 'attestd, kmxd'],
  ])('are refused when one is %s', (_name, changes, said) => {
    for (const [name, world] of [
      ['host-2.lab.example', withTrustedHosts({}, changes)],
      ['ta-host-3.lab.example', withTrustAuthorityHosts({}, {}, changes)],
    ] as const) {
      expect(refusals(request(), world)).toEqual([
        expect.objectContaining({
          code: 'VTA_HOST_UNHEALTHY',
          subject: `host ${name}`,
          message: expect.stringContaining(said),
        }),
      ]);
    }
  });

  it('are refused when one that needs nothing is in trouble: it carries the load meanwhile', () => {
    expect(codes(withTrustedHosts({}, { ...AT_TARGET, connection: 'disconnected' }))).toEqual(['VTA_HOST_UNHEALTHY']);
  });

  it('of the Trust Authority Cluster must be well for phase 4 too: base images are imported to all of them', () => {
    const world = withTrustAuthorityHosts({}, {}, { connection: 'disconnected' });
    expect(codes(world, request({ phases: [4], reason: 'r' }))).toEqual(['VTA_HOST_UNHEALTHY']);
  });

  it('of Trusted Clusters may be in trouble when only Trust Authority Hosts are upgraded', () => {
    const world = withTrustedHosts({}, { connection: 'disconnected' });
    expect(codes(world, request({ phases: [1, 2], reason: 'r' }))).toEqual([]);
  });

  it('may be in trouble when only vCenters are updated', () => {
    const world = withTrustedHosts({}, { connection: 'disconnected' });
    expect(codes(world, request({ phases: [1, 3], reason: 'r' }))).toEqual([]);
  });

  it('are refused when vSphere Lifecycle Manager calls one incompatible with the image', () => {
    expect(codes(withTrustedHosts({}, { compliance: 'INCOMPATIBLE' }))).toEqual(['VTA_HOST_UNHEALTHY']);
  });

  it('are refused when one tells no version that could be compared', () => {
    expect(codes(withTrustedHosts({}, { build: '' }))).toEqual(['VTA_HOST_UNHEALTHY']);
  });

  it('are planned when a child of an earlier run is still at work on one', () => {
    const busy = { connection: 'notResponding', inMaintenanceMode: true, attestation: 'unknown' } as const;
    const openChildren = ['vta-upgrade:lab:host:host-3.lab.example'];
    const { phases, waitFor } = plan(request(), { ...withTrustedHosts({}, {}, busy), openChildren });
    expect(waitFor).toEqual(openChildren);
    expect(phases[3]).toMatchObject({ hosts: [{ name: 'host-3.lab.example', foundInMaintenanceMode: false }, {}, {}] });
  });
});

describe('the health of the Trust Authority while a child of an earlier run is at work on one of its hosts', () => {
  const world = withTrustAuthorityHosts({}, { connection: 'notResponding' }, {});
  const { services } = world.trustAuthority;
  const trustAuthority = { ...world.trustAuthority, services: { ...services, attestation: 'ERROR' as const } };

  it('is the health of that work, and no reason against a plan', () => {
    const openChildren = ['vta-upgrade:lab:host:ta-host-2.lab.example'];
    expect(plan(request(), { ...world, trustAuthority, openChildren }).waitFor).toEqual(openChildren);
  });

  it('is a reason when nobody is at work there', () => {
    const openChildren = ['vta-upgrade:lab:host:host-1.lab.example'];
    expect(codes({ ...world, trustAuthority, openChildren })).toContain('VTA_TRUST_AUTHORITY_UNHEALTHY');
  });
});

describe('never two hosts of a tier are out of service (R10)', () => {
  const inMaintenanceMode = true;
  const out = 'VTA_HOST_IN_MAINTENANCE_MODE';

  it('refuses two in maintenance mode, naming both', () => {
    const found = refusals(request(), withTrustAuthorityHosts({ inMaintenanceMode }, {}, { inMaintenanceMode }));
    expect(found.map(({ code, subject }) => [code, subject])).toEqual([
      [out, 'host ta-host-1.lab.example'],
      [out, 'host ta-host-3.lab.example'],
    ]);
  });

  it('refuses one in maintenance mode that is at its target: it would be out while others are upgraded', () => {
    const [refusal, ...others] = refusals(request(), withTrustedHosts({}, { ...AT_TARGET, inMaintenanceMode }));
    expect(refusal).toMatchObject({ code: out, message: expect.stringContaining('needs nothing') });
    expect(others).toEqual([]);
  });

  it('does not mind it when the tier has nothing to do', () => {
    const world = withTrustedHosts(AT_TARGET, { ...AT_TARGET, inMaintenanceMode });
    expect(codes(world)).toEqual([]);
  });

  it('takes one of each tier', () => {
    const world = withTrustAuthorityHosts({}, { inMaintenanceMode });
    expect(codes({ ...world, trusted: withTrustedHosts({}, { inMaintenanceMode }).trusted })).toEqual([]);
  });

  it('refuses two in maintenance mode in different Trusted Clusters', () => {
    const clusters = ['one', 'two'].map((name) =>
      trustedCluster({ id: name, name, hosts: [host(`${name}-1`), host(`${name}-2`, { inMaintenanceMode })] }),
    );
    expect(codes(withTrusted({ clusters }))).toEqual([out, out]);
  });

  it.each(['notAttested', 'unknown'] as const)('refuses two Trusted Hosts that attest as %s', (attestation) => {
    expect(codes(withTrustedHosts({ attestation }, {}, { attestation }))).toEqual([
      'VTA_HOST_NOT_ATTESTED',
      'VTA_HOST_NOT_ATTESTED',
    ]);
  });

  it('refuses one in maintenance mode beside another that does not attest', () => {
    expect(codes(withTrustedHosts({ inMaintenanceMode }, { attestation: 'notAttested' }))).toEqual([
      out,
      'VTA_HOST_NOT_ATTESTED',
    ]);
  });

  it('refuses a Trusted Host that does not attest at its target: no upgrade will cure it', () => {
    expect(codes(withTrustedHosts({}, { ...AT_TARGET, attestation: 'notAttested' }))).toEqual([
      'VTA_HOST_NOT_ATTESTED',
    ]);
  });

  it('does not ask Trust Authority Hosts for attestation', () => {
    expect(codes(withTrustAuthorityHosts({ attestation: 'notAttested' }, { attestation: 'unknown' }, {}))).toEqual([]);
  });
});

describe('the base image of the Trusted Hosts must be obtainable (R4)', () => {
  const code = 'VTA_BASE_IMAGE_UNOBTAINABLE';
  const file = { from: 'file', name: 'esxi.tgz' } as const;
  const reference = { from: 'reference-host', host: 'test-1' } as const;
  const found = { name: 'esxi.tgz', sha256: 'b'.repeat(64), bytes: 1000 };

  it.each<[string, Partial<Inventory>, Parameters<typeof request>[0]]>([
    ['first-host without an account for ESXi', { canExportBaseImages: false }, {}],
    [
      'reference-host without an account for ESXi',
      { canExportBaseImages: false, referenceHost: upgradedHost('test-1') },
      { baseImage: reference },
    ],
    ['a reference host that was not found', {}, { baseImage: reference }],
    [
      'a reference host that is missing',
      { referenceHost: { name: 'test-1', missing: 'no vCenter knows it' } },
      { baseImage: reference },
    ],
    [
      'a reference host that is disconnected',
      { referenceHost: upgradedHost('test-1', { connection: 'disconnected' }) },
      { baseImage: reference },
    ],
    ['a reference host on the old image', { referenceHost: host('test-1') }, { baseImage: reference }],
    ['a file that was not looked for', {}, { baseImage: file }],
    [
      'a file that is missing',
      { baseImageFile: { name: 'esxi.tgz', missing: 'there is no such file' } },
      { baseImage: file },
    ],
  ])('refuses %s', (_name, changes, asked) => {
    expect(codes(inventory(changes), request(asked))).toEqual([code]);
  });

  it('plans a file that is there, without an account for ESXi, and binds its digest', () => {
    const world = inventory({ canExportBaseImages: false, baseImageFile: found });
    expect(plan(request({ baseImage: file }), world).baseImage).toEqual({ ...file, sha256: found.sha256 });
  });

  it('plans a reference host at the target', () => {
    const world = inventory({ referenceHost: upgradedHost('test-1') });
    expect(plan(request({ baseImage: reference }), world).baseImage).toEqual(reference);
  });

  it.each(['file', 'reference-host'] as const)('refuses one %s for two different images (R6)', (from) => {
    const clusters = [
      trustedCluster(),
      trustedCluster({
        id: 'two',
        name: 'two',
        desiredImage: { baseImage: NEW.image, addOn: { name: 'vendor', version: '1.0' } },
        hosts: [host('other-1')],
      }),
    ];
    const world = { ...withTrusted({ clusters }), baseImageFile: found, referenceHost: upgradedHost('test-1') };
    const [refusal, ...others] = refusals(request({ baseImage: from === 'file' ? file : reference }), world);
    expect(refusal).toMatchObject({ code, message: expect.stringContaining('2 different ones') });
    expect(others).toEqual([]);
    expect(codes(world)).toEqual([]);
  });

  it('is not asked for when no Trusted Host is upgraded', () => {
    const world = { ...withTrustedHosts(AT_TARGET), canExportBaseImages: false };
    expect(codes(world)).toEqual([]);
  });
});

describe('phases other than 1, 2, 3, 4 need a reason (R9)', () => {
  it.each([[[1, 2, 3]], [[4]], [[2, 1, 3, 4]]] as const)('%j is refused without one', (phases) => {
    expect(codes(inventory(), request({ phases: [...phases] }))).toContain('VTA_PHASES_NEED_REASON');
  });

  it('a blank reason is none', () => {
    expect(codes(inventory(), request({ phases: [1], reason: '  ' }))).toEqual(['VTA_PHASES_NEED_REASON']);
  });

  it('a reason is kept in the plan', () => {
    expect(plan(request({ phases: [1], reason: 'security fix' })).reason).toBe('security fix');
  });
});
