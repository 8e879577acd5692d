import { describe, expect, it } from 'vitest';
import type { HostItself, Recovery } from '../../src/model/recovery';
import { compareReverted } from '../../src/workflows/compare-reverted';

const BOOTED = '2026-11-25T01:00:00Z';
const AFTER = '2026-11-25T02:00:00Z';
const PREVIOUS = { version: '8.0.2', build: '1', bootTime: BOOTED, imageSha256: 'a' };
const RECOVERY = { host: { name: 'ta-1', uuid: 'u' }, previous: PREVIOUS } as Recovery;
const REVERTED: HostItself = {
  reachable: true,
  unknown: [],
  uuid: 'u',
  version: '8.0.2',
  build: '1',
  bootTime: AFTER,
  imageSha256: 'a',
};

describe('a host that is said to be reverted', () => {
  it('is proved by machine, version, build, boot and image', () => {
    expect(compareReverted(RECOVERY, REVERTED)).toEqual({ differences: [], unproved: [], lacksOnlyBoot: false });
  });

  it.each<[string, Partial<HostItself>, RegExp, boolean]>([
    ['does not answer', { reachable: false, unknown: ['connect refused'] }, /does not answer: connect refused/, false],
    ['is another machine', { uuid: 'v' }, /another machine/, false],
    ['runs another build', { build: '2' }, /runs 8\.0\.2 build 2 instead/, false],
    // Shift+R would leave the build that it is to have: a plain boot shows what is installed.
    ['has not booted since', { bootTime: BOOTED }, /has not booted/, true],
    ['runs another build and has not booted', { build: '2', bootTime: BOOTED }, /build 2 instead.*not booted/, false],
  ])('is not believed when it %s', (_what, change, told, lacksOnlyBoot) => {
    const proof = compareReverted(RECOVERY, { ...REVERTED, ...change });
    expect(proof.differences.join('; ')).toMatch(told);
    expect(proof.lacksOnlyBoot).toBe(lacksOnlyBoot);
  });

  it('needs a person for what it does not tell, and for an image that is not the same to the byte', () => {
    const { uuid: _uuid, version: _version, bootTime: _boot, ...silent } = REVERTED;
    expect(compareReverted(RECOVERY, { ...silent, imageSha256: 'b' })).toMatchObject({
      differences: [],
      unproved: [
        'its hardware UUID',
        'its version and build',
        'that it has booted since',
        expect.stringMatching(/its image/),
      ],
    });
  });
});
