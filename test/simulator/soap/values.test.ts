import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeFields } from '../../../simulator/api/soap/vim25/decode';
import { encode, encodeFields } from '../../../simulator/api/soap/vim25/encode';
import { dataType, fieldType } from '../../../simulator/api/soap/vim25/type-table';
import { MoRef, typed, type DataObject, type VimValue } from '../../../simulator/api/soap/vim25/values';
import { readXml } from '../../../simulator/api/soap/xml/read-xml';
import { escapeXml, writeElement } from '../../../simulator/api/soap/xml/write-xml';

/** Text as XML 1.0 can hold it. A lone carriage return survives only because the writer escapes it. */
const text = fc.string({ unit: 'binary' }).map((any) => Array.from(any).filter(isXmlCharacter).join(''));

function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

describe('text on the wire', () => {
  it('comes back as it was, in elements and in attributes', () => {
    fc.assert(
      fc.property(text, (value) => {
        const root = readXml(writeElement('a', escapeXml(value), { b: value.replace(/[\t\n]/g, ' ') }));
        expect(root.text).toBe(value);
        expect(root.attributes[0]?.value).toBe(value.replace(/[\t\n]/g, ' '));
      }),
    );
  });

  it('never becomes markup', () => {
    expect(writeElement('a', escapeXml(`</a><b x='1' y="2">&amp;`))).toBe(
      `<a>&lt;/a&gt;&lt;b x='1' y=&quot;2&quot;&gt;&amp;amp;</a>`,
    );
    expect(escapeXml('bell\u0007')).toBe('bell?');
  });
});

describe('a data object', () => {
  const spec = fc.record(
    {
      hostName: text,
      port: fc.integer({ min: 0, max: 65_535 }),
      userName: text,
      password: text,
      vmFolder: text.map((id) => new MoRef('Folder', id)),
      force: fc.boolean(),
    },
    { requiredKeys: ['force'] },
  );

  it('is read as it was written', () => {
    fc.assert(
      fc.property(spec, (value) => {
        const data = value as unknown as DataObject;
        const root = readXml(`<spec>${encodeFields('HostConnectSpec', data)}</spec>`);
        expect(decodeFields('spec', dataType('HostConnectSpec')?.fields ?? [], root.children)).toEqual(data);
      }),
    );
  });

  it('is written in declared order, whatever order it was made in', () => {
    expect(
      encodeFields('HostServiceInfo', {
        service: [{ policy: 'on', running: true, uninstallable: false, required: false, label: 'L', key: 'k' }],
      }),
    ).toBe(
      '<service><key>k</key><label>L</label><required>false</required><uninstallable>false</uninstallable><running>true</running><policy>on</policy></service>',
    );
  });

  it('says its type only where another was declared', () => {
    const user = { $type: 'TaskReasonUser', userName: 'u' };
    expect(encode('reason', fieldType('TaskReason'), user)).toBe(
      '<reason xsi:type="TaskReasonUser"><userName>u</userName></reason>',
    );
    expect(encode('reason', fieldType('TaskReasonUser'), user)).toBe('<reason><userName>u</userName></reason>');
  });

  it.each<[string, VimValue, string]>([
    ['int', 5, '<v xsi:type="xsd:int">5</v>'],
    ['dateTime', new Date(0), '<v xsi:type="xsd:dateTime">1970-01-01T00:00:00.000Z</v>'],
    ['string[]', ['a', 'b'], '<v xsi:type="ArrayOfString"><string>a</string><string>b</string></v>'],
    ['TypeName[]', ['T'], '<v xsi:type="ArrayOfString"><string>T</string></v>'],
    [
      '@HostSystem',
      new MoRef('HostSystem', 'host-1'),
      '<v type="HostSystem" xsi:type="ManagedObjectReference">host-1</v>',
    ],
    ['TaskInfoState', 'queued', '<v xsi:type="TaskInfoState">queued</v>'],
    ['HostService[]', [], '<v xsi:type="ArrayOfHostService"/>'],
  ])('carries the type of a %s where anything may stand', (type, value, expected) => {
    expect(encode('v', fieldType('anyType'), typed(type, value))).toBe(expected);
  });

  it.each<[string, string, VimValue]>([
    ['a required field is missing', 'HostService', { key: 'k' }],
    ['a field is not in the schema', 'HostServiceInfo', { services: [] }],
    ['a text stands for a number', 'HostConnectSpec', { force: true, port: '443' }],
    ['a value is none of the enumeration', 'TaskInfoState', 'sleeping'],
    ['a fault is no fault', 'MissingProperty', { path: 'p', fault: { fault: { $type: 'TaskInfo' } } }],
    ['a reference is a text', 'HostConnectSpec', { force: true, vmFolder: 'group-v4' }],
  ])('is not written when %s', (_what, type, value) => {
    expect(() => encode('v', fieldType(type), value)).toThrow(TypeError);
  });
});
