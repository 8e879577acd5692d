import { describe, expect, it } from 'vitest';
import { checkPatchRequest } from '../../src/model/patch-request.schema';
import { checkRequest } from '../../src/model/request.schema';

const STANDING = { by: ['alice'], reason: 'CHG-4711', hosts: true };

function problems(value: unknown): string[] {
  const checked = checkPatchRequest(value);
  return checked.kind === 'valid' ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('the request of a patch run', () => {
  it('needs nothing but the infrastructure: security updates and hosts are taken, and people are asked', () => {
    expect(checkPatchRequest({ infrastructure: 'prod' })).toEqual({
      kind: 'valid',
      value: {
        infrastructure: 'prod',
        take: { vCenter: 'security', hosts: 'desired' },
        approve: [],
        baseImage: { from: 'first-host' },
        quickBoot: 'disable',
        failureBudget: 0,
      },
    });
  });

  it('is taken whole', () => {
    const written = {
      infrastructure: 'prod',
      take: { vCenter: 'any', within: '8.0.3', hosts: 'nothing' },
      standingApproval: { ...STANDING, vCenter: { kinds: ['SECURITY', 'FIX'], within: '8.0.3' } },
      window: { timeZone: 'Europe/Zurich', days: ['sat'], from: '22:00', to: '05:00', except: ['2026-12-26'] },
      approve: ['phase'],
      baseImage: { from: 'file', name: 'esxi.tgz' },
      quickBoot: 'keep',
      failureBudget: 1,
      reason: 'monthly',
    };
    const removeBaseImages = { keepFor: '720h', withoutFile: ['ESXi 8.0.2-0.0.22380479'] };
    expect(checkPatchRequest({ ...written, removeBaseImages, soak: '90s' })).toEqual({
      kind: 'valid',
      value: {
        ...written,
        standingApproval: { ...written.standingApproval, warnings: [] },
        soakMs: 90_000,
        removeBaseImages: { keepForMs: 720 * 3_600_000, withoutFile: removeBaseImages.withoutFile },
      },
    });
  });

  it.each([
    [{}, ['infrastructure: is missing']],
    [
      { take: { vCenter: 'nothing', hosts: 'nothing' } },
      ['take: must take something: vCenter and hosts are both "nothing"'],
    ],
    [
      { take: { vCenter: 'fix', within: '8.0', hosts: 'all' } },
      [
        'take.vCenter: must be "nothing", "security" or "any"',
        'take.within: must be a release, the first three numbers of a version, such as "8.0.3"',
        'take.hosts: must be "desired" or "nothing"',
      ],
    ],
    [{ target: { vCenter: '8.0.3.00500' } }, ['target: unknown key; known here: infrastructure, take,']],
    [{ phases: [2] }, ['phases: unknown key; known here: infrastructure, take,']],
    [{ standingApproval: { by: [], reason: 'x', hosts: true } }, ['standingApproval.by: must not be empty']],
    [
      { standingApproval: { by: ['alice'], reason: 'CHG-4711' } },
      ['standingApproval: must cover something: give "vCenter", "hosts" or both'],
    ],
    [
      { standingApproval: { ...STANDING, vCenter: { kinds: ['UPGRADE'], within: '8.0.3' } } },
      ['standingApproval.vCenter.kinds[0]: must be "SECURITY", "FIX" or "UPDATE"'],
    ],
    [
      { standingApproval: { ...STANDING, vCenter: { kinds: ['FIX'] } } },
      ['standingApproval.vCenter.within: is missing'],
    ],
    [{ standingApproval: { ...STANDING, hosts: false } }, ['standingApproval.hosts: must be true']],
    [
      { standingApproval: { ...STANDING, warnings: ['VTA_HOST_NOT_ATTESTED'] } },
      ['standingApproval.warnings[0]: must be "VTA_NOT_RESTORABLE", '],
    ],
  ])('refuses %j, naming the fields', (changes, expected) => {
    const found = problems(Object.keys(changes).length === 0 ? {} : { infrastructure: 'prod', ...changes });
    expect(found).toHaveLength(expected.length);
    expected.forEach((text, index) => expect(found[index]).toContain(text));
  });

  it('brings a standing approval that the request of an upgrade takes too', () => {
    expect(checkRequest({ infrastructure: 'prod', standingApproval: STANDING })).toMatchObject({
      kind: 'valid',
      value: { standingApproval: { ...STANDING, warnings: [] } },
    });
  });
});
