import { describe, expect, it } from 'vitest';
import type { VCenterFacts } from '../../src/model/inventory';
import type { UpgradeRequest } from '../../src/model/request';
import {
  host,
  inventory,
  NEW,
  OLD,
  plan,
  refusals,
  request,
  TA_CLUSTER,
  TA_VCENTER,
  TRUSTED_CLUSTER,
  trustAuthorityCluster,
  trustedCluster,
  vCenter,
  withTrustAuthority,
  withTrusted,
  withTrustedHosts,
  WORKLOAD_VCENTER,
} from '../support/inventory';

const WITH_REASON = { reason: 'only this part has a window' };

function esxi(target: UpgradeRequest['target']['esxi'], changes: Partial<UpgradeRequest> = {}): UpgradeRequest {
  return request({ target: { esxi: target }, ...changes });
}

describe('a target without vSphere Trust Authority is refused on any tier (R37)', () => {
  const code = 'VTA_TARGET_REMOVES_TRUST_AUTHORITY';

  it.each([
    ['vCenter 9.0', request({ target: { vCenter: '9.0.0.00000', esxi: 'desired' } }), 'target.vCenter'],
    ['vCenter 10', request({ target: { vCenter: '10.0.0.00000', esxi: 'desired' } }), 'target.vCenter'],
    ['one image for all hosts', esxi({ baseImage: '9.0.0-0.0.24755229' }), 'target.esxi'],
    [
      'an image of one cluster',
      esxi({ byCluster: { [TRUSTED_CLUSTER]: { baseImage: '9.1.0-0.0.1' } } }),
      `target.esxi["${TRUSTED_CLUSTER}"]`,
    ],
    [
      'an image of a phase that is not run',
      esxi({ byCluster: { [TRUSTED_CLUSTER]: { baseImage: '9.1.0-0.0.1' } } }, { phases: [2], ...WITH_REASON }),
      `target.esxi["${TRUSTED_CLUSTER}"]`,
    ],
    ['something that is no version', esxi({ baseImage: 'latest' }), 'target.esxi'],
  ])('as %s', (_name, asked, subject) => {
    expect(refusals(asked)).toContainEqual(expect.objectContaining({ code, subject }));
  });

  it('as desired image of a cluster, taken as it stands', () => {
    const world = withTrustAuthority({
      cluster: trustAuthorityCluster({ desiredImage: { baseImage: '9.0.0-0.0.1' } }),
    });
    expect(refusals(request(), world)).toContainEqual(
      expect.objectContaining({ code, subject: `desired image of cluster ${TA_CLUSTER}` }),
    );
  });

  it('but not as desired image of a cluster whose phase is not run', () => {
    const world = withTrusted({ clusters: [trustedCluster({ desiredImage: { baseImage: '9.0.0-0.0.1' } })] });
    expect(refusals(request({ phases: [1, 2], ...WITH_REASON }), world)).toEqual([]);
  });

  it('is the only reason given, although 9.0 is also a major step, not offered and above its vCenter', () => {
    const target = { vCenter: '9.0.0.00000', esxi: { baseImage: '9.0.0-0.0.1' } };
    expect(refusals(request({ target })).map((finding) => finding.code)).toEqual([code, code]);
  });
});

describe('a downgrade is refused', () => {
  const code = 'VTA_TARGET_IS_DOWNGRADE';

  it('of a vCenter, with both versions', () => {
    expect(refusals(request({ target: { vCenter: '8.0.2.00100', esxi: 'desired' } }))).toContainEqual(
      expect.objectContaining({
        code,
        subject: `vCenter ${TA_VCENTER}`,
        message: `${TA_VCENTER} runs ${OLD.vCenter}; the target 8.0.2.00100 is older.`,
      }),
    );
  });

  it('of hosts to an older release, naming the hosts', () => {
    const [refusal] = refusals(esxi({ byCluster: { [TRUSTED_CLUSTER]: { baseImage: '8.0.2-0.0.99999999' } } }));
    expect(refusal).toMatchObject({ code, subject: `cluster ${TRUSTED_CLUSTER}` });
    expect(refusal?.message).toContain('host-1.lab.example (8.0.3 build 24022510)');
  });

  it('of hosts to an older build of the same release', () => {
    const world = withTrustedHosts({}, { build: '24999999' });
    expect(refusals(request(), world)).toEqual([
      expect.objectContaining({ code, subject: `cluster ${TRUSTED_CLUSTER}` }),
    ]);
  });

  it('but a newer release with a lower build number is none', () => {
    const world = withTrusted({
      clusters: [trustedCluster({ hosts: [host('host-1.lab.example', { version: '8.0.2', build: '99999999' })] })],
    });
    expect(plan(request(), world).phases[3]).toMatchObject({ hosts: [{ name: 'host-1.lab.example' }] });
  });
});

describe('a vCenter goes only where its update API takes it', () => {
  it('not from 7.0 to 8.0: that deploys a new appliance', () => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { version: '7.0.3.01700' }) });
    const [refusal, ...others] = refusals(request({ phases: [1, 2, 3], ...WITH_REASON }), world);
    expect(refusal).toMatchObject({ code: 'VTA_VCENTER_MAJOR_STEP', subject: `vCenter ${WORKLOAD_VCENTER}` });
    expect(refusal?.remedy).toContain('then start the run again');
    expect(others).toEqual([]);
  });

  it.each<[string, Partial<VCenterFacts>, string]>([
    [
      'an update that is not offered',
      { pendingUpdates: [{ version: '8.0.3.00450', type: 'FIX', rebootRequired: true }] },
      '8.0.3.00450',
    ],
    ['any update when none is offered', { pendingUpdates: [] }, 'no update at all'],
  ])('not to %s, and the refusal says what is offered', (_name, changes, offered) => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, changes) });
    const [refusal] = refusals(request(), world);
    expect(refusal).toMatchObject({ code: 'VTA_TARGET_NOT_AVAILABLE', subject: `vCenter ${WORKLOAD_VCENTER}` });
    expect(refusal?.message).toContain(`it is offered ${offered}`);
  });

  it('takes the version as it is offered, whatever its zeros', () => {
    const asked = request({ target: { vCenter: '8.0.3.500', esxi: 'desired' } });
    expect(plan(asked).phases[0]).toMatchObject({ vCenters: [{ to: NEW.vCenter }] });
  });

  it('is not asked what it is offered when it is at the target', () => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { version: NEW.vCenter, pendingUpdates: [] }) });
    expect(plan(request(), world).phases[2]).toEqual({ number: 3, kind: 'vcenters', vCenters: [] });
  });
});

describe('an image must be there to be committed', () => {
  it('refuses a base image that the depot of the vCenter does not hold, and says what it holds', () => {
    const [refusal] = refusals(esxi({ byCluster: { [TRUSTED_CLUSTER]: { baseImage: '8.0.3-0.0.24784735' } } }));
    expect(refusal).toMatchObject({ code: 'VTA_TARGET_NOT_AVAILABLE', subject: `cluster ${TRUSTED_CLUSTER}` });
    expect(refusal?.message).toContain(`it holds ${NEW.image} and ${OLD.image}`);
  });

  it('does not ask for it when it is the desired image already', () => {
    const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { depotBaseImages: [] }) });
    expect(refusals(request(), world)).toEqual([]);
  });

  it('refuses a base image version that tells no build', () => {
    const world = withTrusted({ clusters: [trustedCluster({ desiredImage: { baseImage: '8.0.3' } })] });
    expect(refusals(request(), world)).toContainEqual(
      expect.objectContaining({ code: 'VTA_TARGET_NOT_AVAILABLE', subject: `cluster ${TRUSTED_CLUSTER}` }),
    );
  });
});

describe('an ESXi target is at most as new as its vCenter will be when the phase begins (R37)', () => {
  const code = 'VTA_TARGET_ABOVE_VCENTER';
  const old = { version: '8.0.2.00100', pendingUpdates: [{ version: NEW.vCenter, type: 'FIX', rebootRequired: true }] };
  const hosts = ['host-1', 'host-2'].map((name) => host(name, { version: '8.0.2', build: '23305546' }));
  const world = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, old), clusters: [trustedCluster({ hosts })] });

  it('refuses ESXi 8.0.3 under a vCenter that stays at 8.0.2', () => {
    expect(refusals(esxi('desired'), world)).toEqual([
      expect.objectContaining({
        code,
        subject: `cluster ${TRUSTED_CLUSTER}`,
        message: expect.stringContaining('8.0.2.00100'),
      }),
    ]);
  });

  it('plans it when the vCenter goes to 8.0.3 in an earlier phase', () => {
    expect(refusals(request(), world)).toEqual([]);
  });

  it('refuses it when the hosts come before their vCenter', () => {
    const asked = request({ phases: [1, 2, 4, 3], reason: 'the window of the vCenter is later' });
    expect(refusals(asked, world).map((finding) => finding.code)).toEqual([code]);
  });

  it('does not mind the build of the vCenter: update 3 manages update 3', () => {
    const older = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { version: '8.0.3.00000' }) });
    expect(refusals(esxi('desired'), older)).toEqual([]);
  });

  it('does not mind hosts that are above their vCenter already: nothing is done to them', () => {
    const upgraded = hosts.map((one) => ({
      ...one,
      version: NEW.version,
      build: NEW.build,
      compliance: 'COMPLIANT' as const,
    }));
    const stays = withTrusted({
      vCenter: vCenter(WORKLOAD_VCENTER, old),
      clusters: [trustedCluster({ hosts: upgraded })],
    });
    expect(refusals(esxi('desired'), stays)).toEqual([]);
  });

  it('refuses when the version of the vCenter cannot be compared', () => {
    const strange = withTrusted({ vCenter: vCenter(WORKLOAD_VCENTER, { version: 'unknown' }) });
    expect(refusals(esxi('desired'), strange).map((finding) => finding.code)).toContain(code);
  });
});

it('gives every refusal at once, each with something to do', () => {
  const world = inventory({ canExportBaseImages: false, trusted: [] });
  const worse = withTrustedHosts({ connection: 'disconnected' }, { inQuarantineMode: true });
  const found = refusals(
    request({ target: { vCenter: '9.0.0.0', esxi: 'desired' }, phases: [4], baseImage: { from: 'first-host' } }),
    { ...world, trusted: worse.trusted },
  );
  expect(found.map((finding) => finding.code)).toEqual([
    'VTA_PHASES_NEED_REASON',
    'VTA_TARGET_REMOVES_TRUST_AUTHORITY',
    'VTA_HOST_UNHEALTHY',
    'VTA_HOST_UNHEALTHY',
    'VTA_BASE_IMAGE_UNOBTAINABLE',
  ]);
  expect(found.every((finding) => finding.remedy.endsWith('.') && finding.message.endsWith('.'))).toBe(true);
});
