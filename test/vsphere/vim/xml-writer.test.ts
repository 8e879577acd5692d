import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../src/vsphere/vim/xml-reader';
import { element, escapeXml, reference, UnwritableText, value, values } from '../../../src/vsphere/vim/xml-writer';

describe('the XML writer', () => {
  it('escapes what a password may hold', () => {
    expect(value('password', 'a<b>&"\'c')).toBe("<password>a&lt;b&gt;&amp;&quot;'c</password>");
  });

  it('leaves out what is unset, and writes what is false, zero or empty', () => {
    expect(value('x', undefined) + reference('y', undefined)).toBe('');
    expect(value('x', false) + value('y', 0) + value('z', '')).toBe('<x>false</x><y>0</y><z></z>');
  });

  it('writes a reference with a plain type, and a list without a wrapper', () => {
    expect(reference('host', { type: 'HostSystem', id: 'host-21' })).toBe('<host type="HostSystem">host-21</host>');
    expect(values('type', ['A', 'B']).join('')).toBe('<type>A</type><type>B</type>');
  });

  it.each(['a\u0000', '\u001f', '\ufffe', '\ud800', 'x\udc00y'])('refuses text that XML cannot carry: %j', (text) => {
    expect(() => escapeXml(text)).toThrow(UnwritableText);
  });

  it('brings every other text through a reader unchanged, as content and as attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let written;
        try {
          written = element('x', [value('y', text)], { type: text });
        } catch (error) {
          expect(error).toBeInstanceOf(UnwritableText);
          // oxlint-disable-next-line no-control-regex -- that is what must be in it
          expect(text).toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
          return;
        }
        const root = readXml(Buffer.from(written));
        expect([root.type, root.children[0]?.text]).toEqual([text, text]);
      }),
      { numRuns: 1_000 },
    );
  });
});
