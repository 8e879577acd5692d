import { damageBytes } from './damage-bytes';
import type { Dice } from '../../../support/dice';

type Parent = unknown[] | Record<string, unknown>;

/** A number that JSON can write and JavaScript cannot hold is put in by text: this stands for it until then. */
const HUGE = '@huge@';
const HUGE_NUMBERS = ['1e999', '-1e999', '123456789012345678901234567890', '1e-400', '9007199254740993'];

const OTHERS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53 + 2,
  HUGE,
  '',
  ' ',
  'x',
  '1',
  '12',
  'true',
  'NaN',
  'yesterday',
  '2024-13-45T99:00:00Z',
  '9'.repeat(400),
  'x'.repeat(2_000),
  '\u0000',
  '\ud800',
  [],
  {},
  [[]],
  ['x'],
  [null],
  { id: 7 },
  { localized: 3, default_message: [], id: {} },
];

const POISON = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u12',
  '\u0000',
  'null',
  '1e999',
  '-',
  '"__proto__":{"a":1},',
];
const KEYS = ['__proto__', 'constructor', 'toString', 'length', '', '0', 'of_tomorrow'];

/** Brackets enough to exhaust the stack of whoever follows them down. */
const ABYSS = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const ABYSS_MARK = '@abyss@';

/** A damaged copy of an answer, as bytes. */
export function damageJson(answer: string, dice: Dice): Buffer {
  if (dice.chance(0.3)) return damageBytes(Buffer.from(answer), dice, POISON);
  const root: Record<string, unknown> & { value: unknown } = { value: JSON.parse(answer) as unknown };
  for (let times = 1 + dice.below(2); times > 0; times--) damageOne(root, dice);
  const text = (JSON.stringify(root.value) ?? '')
    .replaceAll(`"${HUGE}"`, () => dice.pick(HUGE_NUMBERS))
    .replaceAll(`"${ABYSS_MARK}"`, ABYSS);
  return dice.chance(0.05) ? damageBytes(Buffer.from(text), dice, POISON) : Buffer.from(text);
}

function damageOne(root: Record<string, unknown>, dice: Dice): void {
  const places: [Parent, string | number][] = [];
  collect(root, places);
  if (places.length === 0) return;
  const [parent, key] = dice.pick(places);
  const value = (parent as Record<string | number, unknown>)[key];
  const set = (to: unknown): void => {
    Object.defineProperty(parent, key, { value: to, enumerable: true, writable: true, configurable: true });
  };
  switch (dice.below(9)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return;
    case 1:
      return set([value]);
    case 2:
      return set({ value });
    case 3: {
      const [other, theirs] = dice.pick(places);
      return set(structuredClone((other as Record<string | number, unknown>)[theirs]));
    }
    case 4:
      if (Array.isArray(parent)) parent.push(structuredClone(value));
      else define(parent, dice.pick(KEYS), structuredClone(value));
      return;
    case 5:
      return set(typeof value === 'number' || typeof value === 'boolean' ? String(value) : HUGE);
    case 6:
      return set(dice.chance(0.05) ? ABYSS_MARK : null);
    default:
      return set(structuredClone(dice.pick(OTHERS)));
  }
}

function define(on: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(on, key, { value, enumerable: true, writable: true, configurable: true });
}

function collect(parent: Parent, places: [Parent, string | number][]): void {
  for (const [key, value] of Object.entries(parent)) {
    places.push([parent, key]);
    if (typeof value === 'object' && value !== null) collect(value as Parent, places);
  }
}
