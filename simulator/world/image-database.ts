import { gunzipSync, gzipSync } from 'node:zlib';

import { Fault } from './fault';
import { imageOf, type EsxImage } from './image';

/** Name of the one file inside; guessed: nothing is documented about the inside of boot_imgdb.tgz. */
const ENTRY = 'var/db/esximg/image.json';
const BLOCK = 512;
/** Nobody's image database is larger unpacked. */
const MAX_UNPACKED = 16_000_000;

/** `boot_imgdb.tgz` of an image: a real .tar.gz whose bytes depend on nothing but the image. */
export function imageDatabase(image: EsxImage): Buffer {
  const body = Buffer.from(
    JSON.stringify({
      baseImage: image.baseImage,
      addOn: image.addOn ?? null,
      components: Object.fromEntries(Object.entries(image.components).sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
  );
  const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
  return gzipSync(Buffer.concat([header(ENTRY, body.length), body, padding, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/**
 * The image that a `boot_imgdb.tgz` describes.
 * @throws Fault INVALID_ARGUMENT (documented: "imgdb invalid")
 */
export function readImageDatabase(file: Buffer): EsxImage {
  try {
    const archive = gunzipSync(file, { maxOutputLength: MAX_UNPACKED });
    const name = archive.subarray(0, 100).toString('latin1').replace(/\0.*$/, '');
    const size = Number.parseInt(archive.subarray(124, 135).toString('latin1'), 8);
    if (name !== ENTRY || !archive.subarray(0, BLOCK).equals(header(ENTRY, size)))
      throw new Error('not an image database');
    const read = JSON.parse(archive.subarray(BLOCK, BLOCK + size).toString('utf8')) as {
      baseImage: string;
      addOn: { name: string; version: string } | null;
      components: Record<string, string>;
    };
    return imageOf(read.baseImage, { ...(read.addOn ? { addOn: read.addOn } : {}), components: read.components });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Fault('INVALID_ARGUMENT', `The image database is not valid: ${reason}.`);
  }
}

/** A ustar header with every field fixed but name and size. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 'latin1');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
