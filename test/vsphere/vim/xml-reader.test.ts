import { describe, expect, it } from 'vitest';
import { readXml, XmlRefused, type XmlRefusal } from '../../../src/vsphere/vim/xml-reader';

const read = (text: string) => readXml(Buffer.from(text));

function refusal(bytes: Buffer | string): XmlRefusal | undefined {
  try {
    readXml(Buffer.from(bytes));
    return undefined;
  } catch (error) {
    if (error instanceof XmlRefused) return error.reason;
    throw error;
  }
}

const XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"';

describe('readXml', () => {
  it('gives local names and namespaces, whatever the prefixes', () => {
    const root = read('<a:x xmlns:a="urn:vim25"><y xmlns="urn:other"/><a:y/></a:x>');
    expect([root.name, root.namespace]).toEqual(['x', 'urn:vim25']);
    expect(root.children.map(({ name, namespace }) => [name, namespace])).toEqual([
      ['y', 'urn:other'],
      ['y', 'urn:vim25'],
    ]);
  });

  it.each([
    [`<v ${XSI} i:type="ManagedObjectReference" type="HostServiceSystem">serviceSystem-21</v>`],
    [`<v ${XSI} type="HostServiceSystem" i:type="vim25:ManagedObjectReference">serviceSystem-21</v>`],
    [
      '<v xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance"' +
        ' XMLSchema-instance:type="ManagedObjectReference" type="HostServiceSystem">serviceSystem-21</v>',
    ],
  ])('keeps the two attributes named type apart: %s', (text) => {
    expect(read(text)).toMatchObject({
      type: 'HostServiceSystem',
      xsiType: 'ManagedObjectReference',
      text: 'serviceSystem-21',
    });
  });

  it('takes no attribute of another namespace for xsi:type', () => {
    expect(read('<v xmlns:xsi="urn:mine" xsi:type="Lie" />')).toMatchObject({ type: undefined, xsiType: undefined });
  });

  it('keeps text as it is: blanks, leading zeros, CDATA, references', () => {
    expect(read('<t> 0012 <![CDATA[<&]]>&lt;&#x41;&#13;&apos;</t>').text).toBe(" 0012 <&<A\r'");
  });

  it('marks xsi:nil', () => {
    expect(read(`<t ${XSI} i:nil="true"/>`).nil).toBe(true);
    expect(read(`<t ${XSI} i:nil="false"/>`).nil).toBe(false);
  });

  it.each<[XmlRefusal, string]>([
    ['doctype', '<!DOCTYPE a><a/>'],
    ['doctype', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['doctype', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['not-well-formed', '<a>&nbsp;</a>'],
    ['not-well-formed', '<a>&toString;</a>'],
    ['not-well-formed', '<a b="&constructor;"/>'],
    ['not-well-formed', '<a>&__proto__;</a>'],
    ['not-well-formed', '<a>&#0;</a>'],
    ['not-well-formed', '<a>&#xD800;</a>'],
    ['not-well-formed', '<a>&#x110000;</a>'],
    ['not-well-formed', '<a>\u0001</a>'],
    ['not-well-formed', '<a b=c/>'],
    ['not-well-formed', '<a b="1" b="2"/>'],
    ['not-well-formed', '<unbound:a/>'],
    ['not-well-formed', '<constructor:a/>'],
    ['not-well-formed', '<a/><b/>'],
    ['not-well-formed', '<a></b>'],
    ['not-well-formed', ''],
    ['not-well-formed', 'upstream connect error'],
    ['not-well-formed', '<html><p>503 Service Unavailable<br></html>'],
    ['encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['too-deep', '<a>'.repeat(65) + '</a>'.repeat(65)],
  ])('refuses (%s) %j', (reason, text) => {
    expect(refusal(text)).toBe(reason);
  });

  it('reads 64 levels', () => {
    expect(refusal('<a>'.repeat(64) + '</a>'.repeat(64))).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toBe('encoding');
  });

  it('refuses more than 32 MB before it parses, and more than a million elements while it does', () => {
    expect(refusal(Buffer.alloc(32 * 1024 * 1024 + 1, 0x20))).toBe('too-large');
    expect(refusal(`<a>${'<b/>'.repeat(1_000_000)}</a>`)).toBe('too-large');
  });

  it('refuses a document that was cut short at any byte', () => {
    const whole = Buffer.from(`<?xml version="1.0"?><a ${XSI}><b i:type="x">é&amp;</b><![CDATA[c]]></a>`);
    expect(refusal(whole)).toBeUndefined();
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length)), `after ${length} bytes`).toBeDefined();
    }
  });

  it('names places in its message, not what stands there', () => {
    expect(() => read('<a><password>secret</pass></a>')).toThrow(/^XML refused \(not-well-formed\): (?!.*secret)/);
  });
});
