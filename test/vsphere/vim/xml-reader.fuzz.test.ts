import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerNotUnderstood } from '../../../src/vsphere/errors';
import { DataObject } from '../../../src/vsphere/vim/data-object';
import { readLocalizedFault, readSoapFault } from '../../../src/vsphere/vim/method-fault';
import { openEnvelope } from '../../../src/vsphere/vim/soap-envelope';
import { readTaskInfo } from '../../../src/vsphere/vim/task-info';
import { readXml, XmlRefused, type XmlElement } from '../../../src/vsphere/vim/xml-reader';
import { element, escapeXml, type Xml } from '../../../src/vsphere/vim/xml-writer';
import * as recorded from './support/recorded';
import { envelope, strangeEnvelope } from './support/soap-bytes';

const DOCUMENTS = Object.values(recorded).flatMap((body) => [
  Buffer.from(envelope(body)),
  Buffer.from(strangeEnvelope(body.replaceAll('soapenv:', ''))),
]);

/** What breaks parsers: pieces of markup, entities, declarations, prefixes, bytes that are no UTF-8. */
// prettier-ignore
const POISON = [
  '<', '>', '&', '"', "'", '/', '=', ']]>', '<!--', '-->', '<![CDATA[', '<?', '?>', '</', '/>', '\u0000', '\ufffe',
  '&lt;', '&toString;', '&__proto__;', '&#0;', '&#x110000;', '&#9;', '<!DOCTYPE a [<!ENTITY b "c">]>', '&b;',
  ' xmlns="urn:x"', ' xmlns:xsi="urn:x"', ' xsi:type="Lie"', ' type="Lie"', ' xsi:nil="true"', '<__proto__/>',
  '<constructor>x</constructor>', '<fault/>', '<obj/>', '<a:b/>', '<a>'.repeat(80), '\ud83d\ude00', '\u2028',
].map((text) => Buffer.from(text));

const edit = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'copy', 'flip', 'truncate', 'drop leaf', 'double leaf', 'change text'),
  at: fc.nat({ max: 9_999 }).map((position) => position / 10_000),
  length: fc.integer({ min: 1, max: 60 }),
  what: fc.oneof(
    fc.constantFrom(...POISON),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  ),
});

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Damages bytes, or keeps the document well-formed and damages what it says. */
function mutate(document: Buffer, { kind, at, length, what }: Edit): Buffer {
  const start = Math.floor(at * document.length);
  const [before, after] = [document.subarray(0, start), document.subarray(start)];
  if (kind === 'truncate') return before;
  if (kind === 'insert') return Buffer.concat([before, what, after]);
  if (kind === 'delete') return Buffer.concat([before, after.subarray(length)]);
  if (kind === 'copy') return Buffer.concat([before, after.subarray(0, length), after]);
  if (kind === 'flip') {
    const flipped = Buffer.from(document);
    if (start < flipped.length) flipped[start] = (flipped[start] ?? 0) ^ (1 << (length % 8));
    return flipped;
  }
  const leaf = /<([\w:]+)([^<>]*)>([^<]*)<\/\1>/g;
  return Buffer.from(
    document
      .toString('latin1')
      .replace(leaf, (whole: string, name: string, attributes: string, _text, offset: number) => {
        if (offset < start || offset > start + 120) return whole;
        if (kind === 'drop leaf') return '';
        if (kind === 'double leaf') return whole + whole;
        return `<${name}${attributes}>${['', 'true', '-1', '1e3', '0012', '2026-02-30T00:00:00', '<a/>'][length % 7]}</${name}>`;
      }),
    'latin1',
  );
}

/** Everything in a tree must be of the type that it claims: a parser that leaks a function or an object shows here. */
function check(tree: XmlElement): void {
  expect([typeof tree.name, typeof tree.namespace, typeof tree.text, typeof tree.nil]).toEqual([
    'string',
    'string',
    'string',
    'boolean',
  ]);
  for (const attribute of [tree.type, tree.xsiType]) expect(['string', 'undefined']).toContain(typeof attribute);
  for (const child of tree.children) check(child);
}

/** Reads a document as the client would, down to task and fault. */
function decode(tree: XmlElement): void {
  const opened = openEnvelope(tree);
  if (opened === undefined) return;
  if (opened.kind === 'fault') {
    const { errorType, messages, data } = readSoapFault(opened.fault, 500);
    expect(['string', 'undefined']).toContain(typeof errorType);
    expect(messages.every((message) => typeof message === 'string')).toBe(true);
    expect(() => JSON.stringify(data)).not.toThrow();
    return;
  }
  const answer = new DataObject('RetrievePropertiesEx', '', opened.content);
  for (const object of answer.objects('returnval').flatMap((page) => page.objects('objects'))) {
    expect(typeof object.reference('obj').id).toBe('string');
    for (const property of object.objects('missingSet')) readLocalizedFault(property.object('fault').element);
    for (const property of object.objects('propSet')) {
      const value = property.object('val');
      if (value.type === 'TaskInfo') {
        const task = readTaskInfo(value);
        expect(Number.isNaN(Date.parse(task.queueTime))).toBe(false);
        expect(typeof task.cancelled).toBe('boolean');
      } else if (value.type?.startsWith('ArrayOf') === true) {
        for (const item of value.items()) expect(typeof item.asReference().id).toBe('string');
      }
    }
  }
}

describe('readXml on damaged documents', () => {
  it('gives a sound tree or XmlRefused, and what reads the tree gives sound values or AnswerNotUnderstood', () => {
    const seen = { read: 0, refused: 0, misread: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...DOCUMENTS), fc.array(edit, { minLength: 1, maxLength: 3 }), (document, edits) => {
        const bytes = edits.reduce(mutate, document);
        const began = performance.now();
        try {
          const tree = readXml(bytes);
          check(tree);
          decode(tree);
          seen.read++;
        } catch (error) {
          if (error instanceof XmlRefused) seen.refused++;
          else if (error instanceof AnswerNotUnderstood) seen.misread++;
          else throw error;
        }
        expect(performance.now() - began).toBeLessThan(2_000);
      }),
      { numRuns: 4_000 },
    );
    // Damage that is always or never noticed would prove nothing.
    expect(Math.min(seen.read, seen.refused, seen.misread)).toBeGreaterThan(20);
  });

  it('gives XmlRefused for bytes that were never XML', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readXml(Buffer.concat([Buffer.from('x'), bytes]))).toThrow(XmlRefused);
      }),
      { numRuns: 500 },
    );
  });
});

interface Tree {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly children: readonly Tree[];
}

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record(
    {
      name: fc.constantFrom('a', 'val', '_this', '__proto__', 'constructor', 'x-1'),
      type: fc.string({ maxLength: 5 }),
      text: fc.string({ maxLength: 10 }),
      children: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constant([]),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    },
    { noNullPrototype: true },
  ),
}));

const write = ({ name, type, text, children }: Tree): Xml =>
  element(name, [escapeXml(text), ...children.map(write)], { type });

const strip = ({ name, type, text, children }: XmlElement): Tree => ({
  name,
  type: type ?? '',
  text,
  children: children.map(strip),
});

it('reads every tree that the writer writes back as it was', () => {
  fc.assert(
    fc.property(tree, (written) => {
      expect(strip(readXml(Buffer.from(write(written))))).toEqual(written);
    }),
    { numRuns: 300 },
  );
});
