import { SaxesParser, type SaxesTagNS } from 'saxes';

/**
 * One element of a reply. Names are local names: prefixes differ from server to server and mean nothing. The two
 * attributes that vim25 knows as "type" are kept apart, because a managed object reference in an `anyType` has both.
 */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  /** The plain attribute `type`: the WSDL type of a managed object reference. */
  readonly type: string | undefined;
  /** The local part of `xsi:type`, whatever prefix the server bound to that namespace. */
  readonly xsiType: string | undefined;
  /** True for `xsi:nil`: the value is unset. */
  readonly nil: boolean;
  /** The character data directly inside, untrimmed: passwords and names may begin with a blank. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Why a document was not read. */
export type XmlRefusal = 'not-well-formed' | 'doctype' | 'encoding' | 'too-deep' | 'too-large';

/** The bytes are no XML that we are willing to read. The message names places and tags, never content. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused' as const;
  constructor(
    readonly reason: XmlRefusal,
    detail: string,
  ) {
    super(`XML refused (${reason}): ${detail}`);
  }
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_DEPTH = 64;
/** An element costs some 200 bytes here but only four on the wire, so a limit of bytes alone is none. */
const MAX_ELEMENTS = 1_000_000;

/**
 * Reads a whole document, strictly: well-formed, UTF-8, namespaces bound, no document type, no entity but the five of
 * XML, at most 64 levels and 32 MB.
 *
 * @returns the root element
 * @throws XmlRefused for everything else, a document that was cut short included
 */
export function readXml(bytes: Buffer): XmlElement {
  if (bytes.length > MAX_BYTES) throw new XmlRefused('too-large', `more than ${MAX_BYTES} bytes`);
  let document: string;
  try {
    document = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlRefused('encoding', 'the bytes are not UTF-8');
  }
  const tree = new TreeBuilder();
  try {
    parserInto(tree).write(document).close();
  } catch (error) {
    if (error instanceof XmlRefused) throw error;
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'unreadable';
    throw new XmlRefused('not-well-formed', detail);
  }
  return tree.root();
}

function parserInto(tree: TreeBuilder): SaxesParser<{ xmlns: true }> {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
      throw new XmlRefused('encoding', 'declared as something else than UTF-8');
    }
  });
  parser.on('doctype', () => {
    throw new XmlRefused('doctype', 'a reply has no business with a document type');
  });
  parser.on('opentag', (tag) => tree.open(tag));
  parser.on('text', (text) => tree.characters(text));
  parser.on('cdata', (text) => tree.characters(text));
  parser.on('closetag', () => tree.close());
  return parser;
}

interface OpenElement extends XmlElement {
  text: string;
  readonly children: XmlElement[];
}

/** Builds the tree from the parser's events. */
class TreeBuilder {
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  #elements = 0;

  open(tag: SaxesTagNS): void {
    if (this.#open.length >= MAX_DEPTH) throw new XmlRefused('too-deep', `more than ${MAX_DEPTH} levels`);
    if (++this.#elements > MAX_ELEMENTS) throw new XmlRefused('too-large', `more than ${MAX_ELEMENTS} elements`);
    const attributes = Object.values(tag.attributes);
    const instance = (local: string): string | undefined =>
      attributes.find((attribute) => attribute.uri === XSI && attribute.local === local)?.value;
    const element: OpenElement = {
      name: tag.local,
      namespace: tag.uri,
      type: attributes.find((attribute) => attribute.prefix === '' && attribute.local === 'type')?.value,
      xsiType: instance('type')?.trim().replace(/^.*:/s, '') || undefined,
      nil: ['true', '1'].includes(instance('nil')?.trim() ?? ''),
      text: '',
      children: [],
    };
    this.#open.at(-1)?.children.push(element);
    this.#root ??= element;
    this.#open.push(element);
  }

  characters(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  close(): void {
    this.#open.pop();
  }

  /** The root, once the parser has accepted the whole document. */
  root(): XmlElement {
    if (this.#root === undefined) throw new XmlRefused('not-well-formed', 'no root element');
    return this.#root;
  }
}
