import { SaxesParser } from 'saxes';

/** An element with its namespace resolved; text is kept as written (passwords and names may begin with a blank). */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface XmlAttribute {
  readonly name: string;
  /** Empty for an attribute without a prefix, also where a default namespace is declared. */
  readonly namespace: string;
  readonly value: string;
}

/** The bytes are not a document that this server reads: malformed, or refused for its size, depth or DOCTYPE. */
export class XmlRefused extends Error {
  override name = 'XmlRefused' as const;
}

const MAX_CHARACTERS = 1_000_000;
const MAX_DEPTH = 64;

interface OpenElement extends XmlElement {
  readonly attributes: XmlAttribute[];
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads one XML document strictly: well-formed, namespaces declared, no DOCTYPE (so no entities beyond the five),
 * no processing instruction, at most 64 levels and a million characters.
 */
export function readXml(source: string): XmlElement {
  if (source.length > MAX_CHARACTERS) throw new XmlRefused('The document is too large.');
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  const refuse = (reason: string): never => {
    throw new XmlRefused(reason);
  };
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element) element.text += text;
  };

  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => refuse(error.message));
  parser.on('doctype', () => refuse('A DOCTYPE is not accepted.'));
  parser.on('processinginstruction', () => refuse('A processing instruction is not accepted.'));
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentag', (tag) => {
    if (open.length >= MAX_DEPTH) refuse('The document is nested too deeply.');
    const attributes = Object.values(tag.attributes)
      .filter((attribute) => attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns')
      .map(({ local, prefix, uri, value }) => ({ name: local, namespace: prefix === '' ? '' : uri, value }));
    const element: OpenElement = { name: tag.local, namespace: tag.uri, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    root = open.pop();
  });
  parser.write(source).close();
  return root ?? refuse('The document is empty.');
}
