import { expect, it } from 'vitest';
import type { HostFacts } from '../../src/model/inventory';
import { isAtTarget } from '../../src/planner/at-target';
import { NEW, host, trustedCluster } from '../support/inventory';

const plain = { baseImage: NEW.image };
const addOn = { baseImage: NEW.image, addOn: { name: 'vendor', version: '1.0' } };
const none = { baseImage: NEW.image, components: {} };

it.each<
  [string, boolean, HostFacts['compliance'], typeof plain | typeof addOn, typeof plain | typeof addOn | undefined]
>([
  // what it is | at target | compliance | target | desired image of the cluster
  ['compliant with the target', true, 'COMPLIANT', plain, plain],
  ['compliant with a target with an add-on', true, 'COMPLIANT', addOn, addOn],
  ['not compliant: an add-on or driver is missing', false, 'NON_COMPLIANT', plain, plain],
  ['incompatible', false, 'INCOMPATIBLE', plain, plain],
  ['not compared, target without add-on', true, 'unknown', plain, plain],
  ['not compared, target with empty components', true, 'unknown', none, plain],
  ['not reachable for the comparison', true, 'UNAVAILABLE', plain, plain],
  ['not compared, target with an add-on', false, 'unknown', addOn, addOn],
  [
    'compared with another image, without add-ons on either side',
    true,
    'NON_COMPLIANT',
    plain,
    { baseImage: '8.0.3-0.0.1' },
  ],
  ['compared with another image, an add-on comes', false, 'COMPLIANT', addOn, plain],
  ['compared with another image, an add-on goes', false, 'COMPLIANT', plain, addOn],
  ['of a cluster without desired image', true, 'unknown', plain, undefined],
])('a host on the build that is %s: %s', (_name, expected, compliance, image, desiredImage) => {
  const { desiredImage: _one, ...without } = trustedCluster();
  const cluster = desiredImage === undefined ? without : { ...without, desiredImage };
  const commitImage = JSON.stringify(desiredImage) !== JSON.stringify(image) && image !== none;
  const target = { image, commitImage, esxi: { version: NEW.version, build: NEW.build } };
  expect(isAtTarget(host('host-1', { build: NEW.build, compliance }), cluster, target)).toBe(expected);
});

it('a host on another build is not, whatever its compliance', () => {
  const target = { image: plain, commitImage: false, esxi: { version: NEW.version, build: NEW.build } };
  expect(isAtTarget(host('host-1', { compliance: 'COMPLIANT' }), trustedCluster(), target)).toBe(false);
});

it('no host is, when the build of the target is not known', () => {
  const target = { image: { baseImage: '8.0.3' }, commitImage: false };
  expect(isAtTarget(host('host-1', { compliance: 'COMPLIANT' }), trustedCluster(), target)).toBe(false);
});
