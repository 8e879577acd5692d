import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration, type Configuration } from '../../worker/configuration';
import { ConfigurationError } from '../../worker/configuration-error';
import { files, problemsOf, thumbprintOf, VALID_FILE } from '../support/infrastructure-file';

const CA = readFileSync(path.join(__dirname, 'ca.pem'), 'utf8');

/** Reads a text as configuration beside `ca.pem`. */
function read(text: string, caFile = CA): Configuration {
  using directory = files({ 'vta-upgrade.yaml': text, 'ca.pem': caFile });
  return readConfiguration(path.join(directory.path, 'vta-upgrade.yaml'));
}

describe('a configuration file', () => {
  it('is read with its defaults, in the form in which the product works', () => {
    const { prod } = read(VALID_FILE).infrastructures;
    expect(prod).toMatchObject({
      name: 'prod',
      trusted: [{ vCenter: { url: 'https://workload-vc.example.com', tls: {} }, clusters: ['Trusted Cluster'] }],
      esxi: {
        tls: { thumbprints: { 'host-1.example.com': thumbprintOf('AB') } },
        urls: { 'host-1.example.com': 'https://127.0.0.1:8443' },
      },
      recovery: { revert: 'operator' },
      holds: [],
      approvals: { approvers: ['alice', 'bob'], required: 1, expireAfterMs: 72 * 3_600_000 },
      paceScale: 1,
    });
  });

  it('has its paths made absolute, beginning at the file', () => {
    using directory = files({ 'vta-upgrade.yaml': VALID_FILE, 'ca.pem': CA });
    const file = path.join(directory.path, 'vta-upgrade.yaml');
    const { prod } = readConfiguration(file).infrastructures;
    expect(prod?.trustAuthority.vCenter.tls.caFile).toBe(path.join(directory.path, 'ca.pem'));
    expect(prod?.trusted[0]?.vCenter.password).toBe(`file:${path.join(directory.path, 'secrets/workload')}`);
    expect(prod?.keyProviders['corp-kms']).toEqual({
      password: 'env:KMIP_PASSWORD',
      clientKey: `file:${path.join(directory.path, 'kmip.key')}`,
    });
    expect(prod?.esxi?.password).toBe('file:/run/secrets/esxi-root');
    expect(prod?.archive).toBe(path.join(directory.path, 'archive'));
  });

  it('has the addresses of its holds normalized, and their secrets and CA files found beside it', () => {
    const prometheus = '{ url: "https://prom.example.com/metrics/", query: ALERTS }';
    const text = VALID_FILE.replace(
      'archive: archive',
      `archive: archive\n    holds: [{ name: alerts, prometheus: ${prometheus}, token: file:go, tls: { caFile: ca.pem } }]`,
    );
    using directory = files({ 'vta-upgrade.yaml': text, 'ca.pem': CA });
    const { prod } = readConfiguration(path.join(directory.path, 'vta-upgrade.yaml')).infrastructures;
    expect(prod?.holds).toEqual([
      {
        name: 'alerts',
        prometheus: { url: 'https://prom.example.com/metrics', query: 'ALERTS' },
        token: `file:${path.join(directory.path, 'go')}`,
        tls: { caFile: path.join(directory.path, 'ca.pem') },
      },
    ]);
  });

  it('finds only what it names', () => {
    const { infrastructures } = read(VALID_FILE);
    expect(Object.keys(infrastructures)).toEqual(['prod']);
    expect(infrastructures['constructor']).toBeUndefined();
  });

  it('that is not there is an error with a code', () => {
    const attempt = () => readConfiguration('/nowhere/vta-upgrade.yaml');
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow('cannot be read: there is no such file');
  });

  it('may use anchors for what is the same', () => {
    const text = VALID_FILE.replace('tls: { caFile: ca.pem }', 'tls: &trust { caFile: ca.pem }').replace(
      'password: file:secrets/workload',
      'password: env:W\n          tls: *trust',
    );
    const { prod } = read(text).infrastructures;
    expect(prod?.trusted[0]?.vCenter.tls).toEqual(prod?.trustAuthority.vCenter.tls);
  });

  it('tells the place of what is wrong behind an anchor', () => {
    const text = VALID_FILE.replace('tls: { caFile: ca.pem }', 'tls: &trust { cafile: ca.pem }').replace(
      'password: file:secrets/workload',
      'password: env:W\n          tls: *trust',
    );
    expect(problemsOf(text, CA)).toEqual([
      '8:23: infrastructures.prod.trustAuthority.vCenter.tls.cafile: unknown key; did you mean "caFile"?',
      '8:23: infrastructures.prod.trusted[0].vCenter.tls.cafile: unknown key; did you mean "caFile"?',
    ]);
  });
});

describe('CA files are looked at when the file is read', () => {
  const at = '8:24: infrastructures.prod.trustAuthority.vCenter.tls.caFile:';

  it.each([
    ['that is missing', 'nope.pem', 'cannot be read', 'there is no such file'],
    ['that is a directory', '.', 'cannot be read', 'it is a directory'],
    ['without a certificate', 'vta-upgrade.yaml', 'holds no certificate in PEM form', ''],
  ])('one %s is refused', (_what, name, message, reason) => {
    const [problem = '', ...others] = problemsOf(VALID_FILE.replace('ca.pem', name), CA);
    expect(problem.startsWith(`${at} ${message} (`)).toBe(true);
    expect(problem.endsWith(reason)).toBe(true);
    expect(others).toEqual([]);
  });

  it('one with a broken certificate is refused', () => {
    const broken = CA.replace(/^MII.*$/m, 'MIIAAAA');
    expect(problemsOf(VALID_FILE, broken)).toEqual([
      expect.stringContaining('holds a certificate that cannot be read'),
    ]);
  });
});

describe('a cluster stands in the file once', () => {
  const WORKLOAD_URL = 'https://workload-vc.example.com';

  it('not as Trust Authority Cluster and Trusted Cluster (R35)', () => {
    const text = VALID_FILE.replace(WORKLOAD_URL, 'https://TA-vc.example.com:443/').replace(
      '[Trusted Cluster]',
      '[vTA Cluster]',
    );
    expect(problemsOf(text, CA)).toEqual([
      '17:20: infrastructures.prod.trusted[0].clusters[0]: a Trusted Cluster cannot be its own Trust Authority Cluster',
    ]);
  });

  it('not as Trusted Cluster and reference cluster', () => {
    const text = VALID_FILE.replace(
      'clusters: [Trusted Cluster]',
      'clusters: [Trusted Cluster]\n        referenceClusters: [Test Cluster, Trusted Cluster]',
    );
    expect(problemsOf(text, CA)).toEqual([
      expect.stringMatching(
        /trusted\[0\]\.referenceClusters\[1\]: a reference cluster is neither .* nor a Trusted Cluster$/,
      ),
    ]);
  });

  it('not in two infrastructures', () => {
    const [, prod = ''] = VALID_FILE.split('infrastructures:\n');
    const text = VALID_FILE + prod.replace('prod:', 'test:').replace('cluster: vTA Cluster', 'cluster: Other');
    expect(problemsOf(text, CA)).toEqual([
      expect.stringMatching(
        /infrastructures\.test\.trusted\[0\]\.clusters\[0\]: .* belongs to the infrastructure "prod" already$/,
      ),
    ]);
  });

  it('but the other clusters of a vCenter may belong to another infrastructure', () => {
    const [, prod = ''] = VALID_FILE.split('infrastructures:\n');
    const other = prod
      .replace('prod:', 'test:')
      .replace('cluster: vTA Cluster', 'cluster: O')
      .replace('[Trusted Cluster]', '[P]');
    expect(Object.keys(read(VALID_FILE + other).infrastructures)).toEqual(['prod', 'test']);
  });

  it('and its vCenter has one entry', () => {
    const [, entry = ''] = /( {6}- vCenter:[\s\S]*?clusters: .*\n)/.exec(VALID_FILE) ?? [];
    const text = VALID_FILE.replace(entry, entry + entry.replace('[Trusted Cluster]', '[Edge]'));
    expect(problemsOf(text, CA)).toEqual([
      '19:16: infrastructures.prod.trusted[1].vCenter.url: is the vCenter of trusted[0] already: list its clusters there',
    ]);
  });
});

it.each(['ta-vc', 'ta-vc.example.com'])('two vCenters are not both called %s', (name) => {
  const named = `url: https://workload-vc.example.com\n          name: ${name}`;
  const text = VALID_FILE.replace('url: https://workload-vc.example.com', named).replace(
    'url: https://ta-vc.example.com',
    name === 'ta-vc' ? 'url: https://ta-vc.example.com\n        name: ta-vc' : 'url: https://ta-vc.example.com',
  );
  expect(problemsOf(text, CA)).toContainEqual(
    expect.stringContaining('trusted[0].vCenter.name: is the name of another vCenter of this infrastructure too'),
  );
});

describe('the digest of an infrastructure', () => {
  const digest = (text: string, caFile?: string) => read(text, caFile).digest('prod');

  it('is SHA-256 in hexadecimal, and the same wherever the file is read', () => {
    const text = VALID_FILE.replace('archive: archive', 'archive: /var/lib/vta');
    expect(digest(text)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(text)).toBe(digest(text));
  });

  const check = 'holds: [{ name: freeze, url: "https://checks.example.com/go", token: env:GO_TOKEN }]';
  const fixed = VALID_FILE.replace('archive: archive', `archive: /var/lib/vta\n    ${check}`);

  it.each([
    ['a reference to a secret', 'env:TA_VC_PASSWORD', 'file:/run/secrets/ta'],
    ['a secret of the backup', 'env:BACKUP_PASSWORD', 'env:OTHER'],
    ['a secret of a key provider', 'env:KMIP_PASSWORD', 'env:OTHER'],
    ['the token of a hold', 'env:GO_TOKEN', 'file:/run/secrets/go'],
    ['comments and layout', 'tls: { caFile: ca.pem }', 'tls: # trust\n          caFile: ca.pem'],
    ['the pace', 'archive: /var', 'pace: { scale: 0.1 }\n    archive: /var'],
  ])('does not cover %s', (_what, from, to) => {
    expect(digest(fixed.replace(from, to))).toBe(digest(fixed));
  });

  it.each([
    ['an address', 'https://ta-vc.example.com', 'https://ta-vc2.example.com'],
    ['the name of a vCenter', 'url: https://ta-vc.example.com', 'url: https://ta-vc.example.com\n        name: ta'],
    ['an account', 'username: vta-upgrade@vsphere.local', 'username: admin@vsphere.local'],
    ['a cluster', '[Trusted Cluster]', '[Trusted Cluster 2]'],
    ['whom to trust', 'tls: { caFile: ca.pem }', 'tls: {}'],
    ['a thumbprint', thumbprintOf('ab'), thumbprintOf('cd')],
    ['where a backup goes', 'sftp://backup.example.com/ta-vc', 'sftp://backup.example.com/other'],
    ['the address of a host', 'https://127.0.0.1:8443', 'https://127.0.0.1:8444'],
    ['a key provider', 'corp-kms', 'other-kms'],
    ['who may hold a run', 'https://checks.example.com/go', 'https://checks.example.com/always'],
    ['the approvers', '[alice, bob]', '[alice, bob, carol]'],
    ['the archive', '/var/lib/vta', '/var/lib/other'],
  ])('covers %s', (_what, from, to) => {
    expect(fixed).toContain(from);
    expect(digest(fixed.replace(from, to))).not.toBe(digest(fixed));
  });

  it('covers the content of a CA file, not its name', () => {
    expect(digest(fixed, `${CA}\n`)).not.toBe(digest(fixed));
    using directory = files({ 'vta-upgrade.yaml': fixed.replace('ca.pem', 'other.pem'), 'other.pem': CA });
    expect(readConfiguration(path.join(directory.path, 'vta-upgrade.yaml')).digest('prod')).toBe(digest(fixed));
  });

  it('of an infrastructure that the file does not name is an error that offers the nearest', () => {
    const configuration = read(VALID_FILE);
    expect(() => configuration.digest('prd')).toThrow('is not in this file; did you mean "prod"?');
    expect(() => configuration.digest('prd')).toThrow(expect.objectContaining({ code: 'VTA_INFRASTRUCTURE_UNKNOWN' }));
  });
});
