import { describe, expect, it } from 'vitest';
import { AnswerNotUnderstood } from '../../../src/vsphere/errors';
import { DataObject } from '../../../src/vsphere/vim/data-object';
import { readXml } from '../../../src/vsphere/vim/xml-reader';

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const of = (text: string) => new DataObject('Read', '', readXml(Buffer.from(text)));
const member = (text: string) => of(`<o ${XSI}><m>${text}</m></o>`);

describe('DataObject', () => {
  it('decides between one and many by the schema, not by the count', () => {
    const one = of('<o><host type="HostSystem">host-1</host></o>');
    const two = of('<o><host type="HostSystem">host-1</host><host type="HostSystem">host-2</host></o>');
    expect(one.references('host').map(({ id }) => id)).toEqual(['host-1']);
    expect(two.references('host').map(({ id }) => id)).toEqual(['host-1', 'host-2']);
    expect(of('<o/>').references('host')).toEqual([]);
    expect(() => two.reference('host')).toThrow(/has 2 members host/);
  });

  it('keeps text as text: leading zeros, blanks, what looks like a number', () => {
    expect(['0012', ' 8.0 ', '', 'true'].map((text) => member(text).text('m'))).toEqual(['0012', ' 8.0 ', '', 'true']);
  });

  it('reads what is unset or nil as undefined, and misses it where it is required', () => {
    expect(of('<o/>').textOrUnset('m')).toBeUndefined();
    expect(of(`<o ${XSI}><m xsi:nil="true"/></o>`).integerOrUnset('m')).toBeUndefined();
    expect(() => of('<o/>').text('m')).toThrow(AnswerNotUnderstood);
  });

  it('reads an empty array, an array of one, and refuses what is none', () => {
    const array = (inside: string, type = 'ArrayOfString') =>
      of(`<o ${XSI}><val xsi:type="${type}">${inside}</val></o>`).object('val');
    expect(array('').items()).toEqual([]);
    expect(
      array('<string>a</string>')
        .items()
        .map((item) => item.asText()),
    ).toEqual(['a']);
    expect(() => array('', 'HostListSummary').items()).toThrow(/is no array/);
  });

  it.each([
    ['flag', 'yes'],
    ['flag', 'TRUE'],
    ['flag', ''],
    ['flag', '<a/>'],
    ['integer', '1.5'],
    ['integer', '0x10'],
    ['integer', '1e3'],
    ['integer', ''],
    ['integer', '99999999999999999999'],
    ['time', 'yesterday'],
    ['time', '2026-11-24T23:25:45'],
    ['time', '2026-13-24T23:25:45Z'],
    ['time', '2026-11-24'],
    ['reference', 'host-21'],
    ['text', '<a>b</a>'],
  ] as const)('refuses as %s: %j', (kind, text) => {
    expect(() => member(text)[kind]('m')).toThrow(AnswerNotUnderstood);
  });

  it.each([
    ['flag', 'true', true],
    ['flag', ' 0 ', false],
    ['integer', ' -7 ', -7],
    ['integer', '0012', 12],
    ['time', '2026-11-24T23:25:45.917315973Z', '2026-11-24T23:25:45.917315973Z'],
    ['time', '2026-11-24T23:25:45.123456789012345+05:30', '2026-11-24T23:25:45.123456789012345+05:30'],
  ] as const)('reads as %s: %j', (kind, text, value) => {
    expect(member(text)[kind]('m')).toBe(value);
  });

  it('names the place of a problem and never what stands there', () => {
    const deep = of('<o><a><b>x</b><b><c>secret</c></b></a></o>');
    const b = deep.object('a').objects('b')[1];
    expect(() => b?.flag('c')).toThrow('Read: answer not understood: a.b[1].c is no boolean');
  });
});
