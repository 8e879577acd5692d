/** Attributes of an element that is written, by qualified name. */
export type Attributes = Readonly<Record<string, string>>;

/** Escapes a text so that it may stand between tags or in double quotes. Characters XML cannot hold become `?`. */
export function escapeXml(text: string): string {
  return text
    .replace(FORBIDDEN, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

/** One element around `content`, which is markup already: text goes through `escapeXml` first. */
export function writeElement(name: string, content: string, attributes: Attributes = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `<${name}${written.join('')}`;
  return content === '' ? `${start}/>` : `${start}>${content}</${name}>`;
}

// Control characters other than tab, line feed and carriage return: XML 1.0 has no way to write them.
// eslint-disable-next-line no-control-regex -- the control characters are the point
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
