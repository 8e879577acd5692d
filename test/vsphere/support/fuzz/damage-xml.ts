import { damageBytes } from './damage-bytes';
import type { Dice } from '../../../support/dice';

// prettier-ignore
const POISON = [
  '<', '>', '&', '"', "'", '/', '=', ']]>', '<!--', '-->', '<![CDATA[', '<?', '?>', '</', '/>', '\u0000', '\ufffe',
  '&lt;', '&toString;', '&__proto__;', '&#0;', '&#x110000;', '&#9;', '<!DOCTYPE a [<!ENTITY b "c">]>', '&b;',
  ' xmlns="urn:x"', ' xmlns:xsi="urn:x"', ' xsi:type="Lie"', ' type="Lie"', ' xsi:nil="true"', '<__proto__/>',
  '<constructor>x</constructor>', '<fault/>', '<obj/>', '<a:b/>', '\ud83d\ude00', '\u2028', 'x'.repeat(2_000),
];
// prettier-ignore
const TEXTS = [
  '', ' ', 'x', 'true', '2', '-1', '1e3', '0012', '1.5', 'NaN', '9'.repeat(400), '2026-02-30T00:00:00Z', '2026-01-01',
  'yesterday', '<a/>', '<a>1</a><a>2</a>', '&#x9;1', '<![CDATA[1]]>', 'x'.repeat(2_000),
];
const TYPES = ['', 'Lie', 'xsd:string', 'ArrayOf', 'ArrayOfLie', 'ManagedObjectReference', 'TaskInfo', '__proto__'];
const DECLARATIONS = ['UTF-16', 'ISO-8859-1', 'latin9', ''];

/** An element with nothing but text inside, and one of the attributes that name a type. */
const LEAF = /<([\w:-]+)((?:\s[^<>]*)?)>([^<]*)<\/\1>/g;
const TYPE = / (xsi:|XMLSchema-instance:)?type="([^"]*)"/g;

/** A damaged copy of a document. */
export function damageXml(document: string, dice: Dice): Buffer {
  const choice = dice.below(20);
  if (choice < 7) return damageBytes(Buffer.from(document), dice, POISON);
  if (choice === 7) return Buffer.from(declared(document, dice.pick(DECLARATIONS)));
  const damaged = choice < 11 ? damageType(document, dice) : damageLeaf(document, dice);
  return dice.chance(0.2) ? Buffer.from(damageLeaf(damaged, dice)) : Buffer.from(damaged);
}

function declared(document: string, encoding: string): string {
  return `<?xml version="1.0" encoding="${encoding}"?>${document.replace(/^<\?xml[^>]*\?>/, '')}`;
}

function replaceOne(document: string, pattern: RegExp, dice: Dice, by: (found: RegExpMatchArray) => string): string {
  const found = [...document.matchAll(pattern)];
  if (found.length === 0) return document;
  const one = dice.pick(found);
  return document.slice(0, one.index) + by(one) + document.slice(one.index + one[0].length);
}

function damageType(document: string, dice: Dice): string {
  return replaceOne(document, TYPE, dice, ([, prefix = '']) =>
    dice.chance(0.3) ? '' : ` ${prefix}type="${dice.pick(TYPES)}"`,
  );
}

function damageLeaf(document: string, dice: Dice): string {
  return replaceOne(document, LEAF, dice, ([whole, name = '', attributes = '', text = '']) => {
    switch (dice.below(8)) {
      case 0:
        return '';
      case 1:
        return whole + whole;
      case 2:
        return `<${name}x${attributes}>${text}</${name}x>`;
      case 3:
        return dice.chance(0.1) ? '<a>'.repeat(80) + '</a>'.repeat(80) : `<${name}${attributes}/>`;
      case 4:
        return `<${name}><${name}${attributes}>${text}</${name}></${name}>`;
      default:
        return `<${name}${attributes}>${dice.pick(TEXTS)}</${name}>`;
    }
  });
}
