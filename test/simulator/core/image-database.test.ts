import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { imageDatabase, readImageDatabase } from '../../../simulator/world/image-database';
import { imageOf } from '../../../simulator/world/image';
import { baseImageVersion } from '../../../simulator/world/trust-authority';

const plain = imageOf('8.0.3-0.0.24674464');
const special = imageOf('8.0.3-0.0.24674464', {
  addOn: { name: 'oem', version: '1.0-1' },
  components: { b: '2', a: '1' },
});

describe('boot_imgdb.tgz', () => {
  it('holds its image, and depends on nothing else', () => {
    expect(readImageDatabase(imageDatabase(special))).toEqual(special);
    expect(imageDatabase(special)).toEqual(imageDatabase({ ...special, components: { a: '1', b: '2' } }));
    expect(imageDatabase(plain).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });

  it('differs for another image of the same version, and so does the id it gets (R6)', () => {
    expect(imageDatabase(plain)).not.toEqual(imageDatabase(special));
    expect(baseImageVersion(plain)).toBe('ESXi 8.0.3-0.0.24674464');
    expect(baseImageVersion(special)).toMatch(/^ESXi 8\.0\.3-0\.0\.24674464\+[0-9a-f]{8}$/);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no image database')],
    ['another archive', gzipSync(Buffer.alloc(10_240))],
    ['half of one', imageDatabase(plain).subarray(0, 100)],
    ['a bomb', gzipSync(Buffer.alloc(20_000_000))],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readImageDatabase(bytes)).toThrow(expect.objectContaining({ type: 'INVALID_ARGUMENT' }));
  });
});
