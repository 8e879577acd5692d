import { expect, it } from 'vitest';
import { nearest } from '../../src/model/nearest';

it.each([
  ['clutser', 'cluster'],
  ['caflie', 'caFile'],
  ['CAFILE', 'caFile'],
  ['passwrd', 'password'],
  ['trustedAuthority', 'trustAuthority'],
])('nearest to %s is %s', (written, meant) => {
  expect(nearest(written, ['url', 'cluster', 'caFile', 'password', 'trustAuthority'])).toBe(meant);
});

it.each(['', 'x', 'id', 'something', 'clus'])('nothing is near to %j', (written) => {
  expect(nearest(written, ['url', 'cluster', 'caFile'])).toBeUndefined();
});
