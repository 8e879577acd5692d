import type { ManagedObjectReference } from './managed-object';

declare const written: unique symbol;

/** XML that this file has written. The brand keeps text that nobody escaped out of a request. */
export type Xml = string & { readonly [written]: true };

/** A text holds a character that XML 1.0 cannot carry in any form. The message does not repeat the text. */
export class UnwritableText extends Error {
  override readonly name = 'UnwritableText' as const;
}

/** What XML 1.0 cannot carry, not even as a character reference: controls, surrogates without a pair, U+FFFE, U+FFFF. */
// oxlint-disable-next-line no-control-regex -- control characters are exactly what it is after
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser turns a bare carriage return into a line feed, and in attributes all three into blanks.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/**
 * Text as XML, also for use inside an attribute in double quotes.
 * @throws UnwritableText if a character cannot be expressed
 */
export function escapeXml(text: string): Xml {
  if (UNWRITABLE.test(text)) throw new UnwritableText('a text for the server holds a character that XML cannot carry');
  return text.replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] ?? character) as Xml;
}

/** An element around content that is XML already. Name and attribute names are constants of ours. */
export function element(name: string, content: readonly Xml[], attributes: Readonly<Record<string, string>> = {}): Xml {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join('')}>${content.join('')}</${name}>` as Xml;
}

/** A string, integer or boolean parameter; nothing at all when it is unset. */
export function value(name: string, content: string | number | boolean | undefined): Xml {
  return content === undefined ? ('' as Xml) : element(name, [escapeXml(String(content))]);
}

/** A list: the element repeated, without a wrapper. */
export function values(name: string, contents: readonly string[]): readonly Xml[] {
  return contents.map((content) => value(name, content));
}

/** A managed object reference: its type is the plain attribute `type`, not `xsi:type`. */
export function reference(name: string, object: ManagedObjectReference | undefined): Xml {
  return object === undefined ? ('' as Xml) : element(name, [escapeXml(object.id)], { type: object.type });
}
