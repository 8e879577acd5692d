import { describe, expect, it } from 'vitest';
import { chooseVersion, compareVersions, TRUST_AUTHORITY_VERSIONS } from '../../../src/vsphere/vim/api-version';
import { readXml } from '../../../src/vsphere/vim/xml-reader';
import { versionDocument } from './support/vim-server';

const choose = (document: string, range = TRUST_AUTHORITY_VERSIONS) =>
  chooseVersion(readXml(Buffer.from(document)), range);

describe('chooseVersion', () => {
  it.each([
    ['the server’s own version when we know it', versionDocument('8.0.2.0', '8.0.1.0', '7.0'), '8.0.2.0'],
    ['8.0.3.0 of a server that is newer than we are', versionDocument('9.0.0.0', '8.0.3.0', '8.0.2.0'), '8.0.3.0'],
    ['7.0 of the first release with Trust Authority', versionDocument('7.0', '6.9.1', '6.7'), '7.0'],
    ['a version between ours, by its numbers', versionDocument('7.0.3.2', '7.0.3.0', '7.0.1.10', '7.0.1.9'), '7.0.3.2'],
    ['the highest, whatever the order of the list', versionDocument('7.0', '7.0.1.10', '7.0.1.9'), '7.0.1.10'],
    ['a number, past names of unreleased versions', versionDocument('unstable', 'dev', '8.0.1.0'), '8.0.1.0'],
  ])('takes %s', (_what, document, version) => {
    expect(choose(document)).toBe(version);
  });

  it('refuses a server that is too old, and says what it offers', () => {
    expect(() => choose(versionDocument('6.5', '6.0'))).toThrow(/no version from 7\.0 to 8\.0\.3\.0, only 6\.5, 6\.0/);
  });

  it('refuses a server that is only newer', () => {
    expect(() => choose(versionDocument('9.0.0.0'))).toThrow(/only 9\.0\.0\.0/);
  });

  it('looks at urn:vim25 only', () => {
    const vsan = '<namespaces><namespace><name>urn:vsan</name><version>8.0.1.0</version></namespace></namespaces>';
    expect(() => choose(vsan)).toThrow(/names no version of urn:vim25/);
  });
});

describe('compareVersions', () => {
  it('compares numbers, and takes missing ones for zero', () => {
    expect(['8.0.10.0', '7.0', '8.0.9', '7.0.0.1'].toSorted(compareVersions)).toEqual([
      '7.0',
      '7.0.0.1',
      '8.0.9',
      '8.0.10.0',
    ]);
    expect(compareVersions('7.0', '7.0.0.0')).toBe(0);
  });
});
