import type { Dice } from '../../../support/dice';

/** Damage that knows nothing of what the bytes say: as a wire, a proxy or a wrong character set does it. */
const DAMAGES: readonly ((bytes: Buffer, dice: Dice, poison: readonly string[]) => Buffer)[] = [
  (bytes, dice) => {
    const flipped = Buffer.from(bytes);
    for (let times = 1 + dice.below(3); times > 0 && flipped.length > 0; times--) {
      const at = dice.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << dice.below(8));
    }
    return flipped;
  },
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length + 1)),
  (bytes, dice) => {
    const [from, length] = [dice.below(bytes.length + 1), 1 + dice.below(40)];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  },
  (bytes, dice) => {
    const [from, length] = [dice.below(bytes.length + 1), 1 + dice.below(200)];
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from, from + length), bytes.subarray(from)]);
  },
  (bytes, dice, poison) => {
    const at = dice.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(dice.pick(poison)), bytes.subarray(at)]);
  },
  // A letter beyond ASCII in the wrong character set, where a text may well stand.
  (bytes, dice) => {
    const at = dice.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xfc]), bytes.subarray(at)]);
  },
  (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
];

/** @param poison pieces that break readers of this kind of document */
export function damageBytes(bytes: Buffer, dice: Dice, poison: readonly string[]): Buffer {
  return dice.pick(DAMAGES)(bytes, dice, poison);
}
