// A table of malformed inputs and what is said of them: longer than other files.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/model/input-problem';
import { checkRequest } from '../../src/model/request.schema';
import { problemsOf, thumbprintOf, VALID_FILE } from '../support/infrastructure-file';

/**
 * What people write by mistake, and what they are told: place, field, and the way out. A table line of the file tests
 * replaces one part of a valid file; one of the request tests is a whole request. `hunter2` stands for a secret that was
 * written where none belongs: no message may repeat it.
 */
const CA = readFileSync(path.join(__dirname, '../worker/ca.pem'), 'utf8');

type FileRow = [what: string, from: string | RegExp, to: string, problems: string[]];

function testFiles(rows: FileRow[]): void {
  it.each(rows)('%s', (_what, from, to, problems) => {
    const text = VALID_FILE.replace(from, () => to);
    expect(text).not.toBe(VALID_FILE);
    const found = problemsOf(text, CA);
    expect(found).toEqual(problems);
    expect(found.join()).not.toContain('hunter2');
  });
}

type RequestRow = [what: string, request: unknown, problems: string[]];

function testRequests(rows: RequestRow[]): void {
  it.each(rows)('%s', (_what, request, problems) => {
    const checked = checkRequest(request);
    expect(checked.kind === 'invalid' ? checked.problems.map((problem) => describeProblem(problem)) : []).toEqual(
      problems,
    );
  });
}

/** A request for infrastructure `a` with something wrong in it. */
function asked(wrong: object): object {
  return { infrastructure: 'a', ...wrong };
}

const EVERYTHING = /[\s\S]*/;
const TLS = 'tls: { caFile: ca.pem }';
const PASSWORD = 'password: env:TA_VC_PASSWORD';
const WORKLOAD_URL = 'https://workload-vc.example.com';
const AT_TA = 'infrastructures.prod.trustAuthority.vCenter';
const AT_WORKLOAD = 'infrastructures.prod.trusted[0].vCenter';
const AT_APPROVALS = 'infrastructures.prod.approvals';

const SECRET =
  'must be a reference to a secret, "env:NAME" for an environment variable or "file:PATH" for a file; ' +
  'the secret itself does not belong in this file';
const DURATION = 'must be a duration such as "90s", "15m" or "72h": a whole number above 0 and one of s, m and h';
const VCENTER_VERSION = 'must be the version of a vCenter update in full, such as "8.0.3.00500"';
const IMAGE_VERSION =
  'must be a base image version as vSphere Lifecycle Manager names it, such as "8.0.3-0.0.24674464"';
const OPENSSL = '"openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE"';

it('the file and the request that all these are made from are valid', () => {
  expect(problemsOf(VALID_FILE, CA)).toEqual([]);
  expect(checkRequest({ infrastructure: 'a' }).kind).toBe('valid');
});

describe('YAML syntax', () => {
  testFiles([
    [
      'a bracket that is not closed',
      TLS,
      'tls: { caFile: ca.pem',
      ['9:9: the indentation does not match the lines around it'],
    ],
    [
      'a quote that is not closed',
      'username: root',
      'username: "root',
      ['19:22: a closing quote, bracket or comma, or the ":" after a key is missing'],
    ],
    ['a tab', '      cluster: vTA', '\tcluster: vTA', ['10:1: indentation must be spaces, not tabs']],
    [
      'a second colon',
      'cluster: vTA',
      'cluster: vTA: x',
      ['10:16: there is a second ":" where a value should be; put the value in quotes or on a line of its own'],
    ],
    [
      'a key that stands twice',
      'username: root',
      'username: root\n      username: admin',
      ['20:7: this key stands here twice'],
    ],
    ['an alias without anchor', PASSWORD, 'password: *hunter2', ['7:19: there is no anchor of this name above']],
    ['a tag', PASSWORD, 'password: !vault hunter2', ['7:19: tags such as "!secret" are not known here']],
    [
      'a reserved character',
      'username: root',
      'username: @root',
      ['19:17: a value cannot begin with this character; put the value in quotes'],
    ],
    [
      'an unknown escape',
      PASSWORD,
      'password: "hunter2\\q"',
      ['7:27: a backslash in double quotes begins no known escape; single quotes leave backslashes alone'],
    ],
    [
      'two documents',
      'infrastructures:',
      'infrastructures:\n---',
      ['2:1: a second document begins here; the file must hold one'],
    ],
    ['aliases that unfold into very much', EVERYTHING, bomb(), ['uses aliases (*name) too often']],
    ['a file that is much too long', EVERYTHING, '#'.repeat(1_000_001), ['is longer than 1000000 characters']],
    ['an empty file', EVERYTHING, '', ['must be an object with keys, not empty']],
  ]);
});

/** A few lines that would unfold into ten to the power of nine entries. */
function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(10)}]`,
  );
  return ['a0: &a0 [lol]', ...levels].join('\n');
}

describe('unknown keys', () => {
  testFiles([
    [
      'of the whole file',
      'infrastructures:',
      'infrastructure:',
      [
        '1:1: infrastructures: is missing: the infrastructures that this worker may upgrade, by name',
        '1:1: infrastructure: unknown key; did you mean "infrastructures"?',
      ],
    ],
    [
      'for a required one',
      'url: https://ta',
      'uri: https://ta',
      [
        `4:7: ${AT_TA}.url: is missing: address of the vCenter, such as "https://vc.example.com"`,
        `5:9: ${AT_TA}.uri: unknown key; did you mean "url"?`,
      ],
    ],
    [
      'in other spelling',
      'expireAfter: 72h',
      'expire_after: 72h',
      [`26:56: ${AT_APPROVALS}.expire_after: unknown key; did you mean "expireAfter"?`],
    ],
    [
      'with letters swapped',
      'backup: { elsewhere',
      'backup: { elsewheer',
      [
        `16:11: ${AT_WORKLOAD}.backup.location: is missing: where vCenter sends its backup, such as "sftp://backup.example.com/ta-vc"`,
        `16:21: ${AT_WORKLOAD}.backup.elsewheer: unknown key; did you mean "elsewhere"?`,
      ],
    ],
    [
      'that resemble nothing',
      'archive: archive',
      'archive: archive\n    colour: red',
      [
        '26:5: infrastructures.prod.colour: unknown key; known here: trustAuthority, trusted, esxi, keyProviders, recovery, holds, archive, approvals, pace',
      ],
    ],
  ]);
  testRequests([
    ['of a request', asked({ phase: [1] }), ['phase: unknown key; did you mean "phases"?']],
    [
      'of a target',
      asked({ target: { vcenter: '8.0.3.00500' } }),
      ['target.vcenter: unknown key; did you mean "vCenter"?'],
    ],
    [
      'of an image',
      asked({ target: { esxi: { baseImages: '8.0.3-0.0.24674464' } } }),
      [
        'target.esxi.baseImage: is missing: base image version as vSphere Lifecycle Manager names it, such as "8.0.3-0.0.24674464"',
        'target.esxi.baseImages: unknown key; did you mean "baseImage"?',
      ],
    ],
    [
      'of a source that has other keys',
      asked({ baseImage: { from: 'first-host', host: 'x' } }),
      ['baseImage.host: unknown key; known here: from'],
    ],
    [
      'several at once',
      asked({ reson: 'x', approved: [] }),
      ['reson: unknown key; did you mean "reason"?', 'approved: unknown key; did you mean "approve"?'],
    ],
  ]);
});

describe('wrong types and values', () => {
  testFiles([
    ['a list instead of an object', EVERYTHING, '- prod', ['1:1: must be an object with keys, not a list']],
    ['text instead of a list', '[alice, bob]', 'alice', [`26:29: ${AT_APPROVALS}.approvers: must be a list, not text`]],
    [
      'text instead of a number',
      'required: 1',
      'required: one',
      [`26:53: ${AT_APPROVALS}.required: must be a number, not text`],
    ],
    [
      'a broken number',
      'required: 1',
      'required: 1.5',
      [`26:53: ${AT_APPROVALS}.required: must be a whole number, not a number`],
    ],
    [
      'a number instead of a name',
      '[Trusted Cluster]',
      '[7]',
      ['17:20: infrastructures.prod.trusted[0].clusters[0]: must be the name of a cluster as in vCenter'],
    ],
    ['nothing behind a key', 'archive: archive', 'archive:', ['25:13: infrastructures.prod.archive: must be a path']],
    [
      'no infrastructure',
      EVERYTHING,
      'infrastructures: {}',
      ['1:18: infrastructures: must name at least one infrastructure'],
    ],
    [
      'a name that would not do in a workflow id',
      '  prod:',
      '  "my prod":',
      [
        '2:3: infrastructures["my prod"]: is no valid name here: it must be a name of up to 63 letters, digits, dots, hyphens and underscores that begins with a letter or digit',
      ],
    ],
    [
      'nobody to approve',
      '[alice, bob]',
      '[]',
      [
        `26:29: ${AT_APPROVALS}.approvers: must not be empty`,
        `26:43: ${AT_APPROVALS}.required: asks for more approvals than there are approvers (0)`,
      ],
    ],
    [
      'more approvals than approvers',
      'required: 1',
      'required: 3',
      [`26:53: ${AT_APPROVALS}.required: asks for more approvals than there are approvers (2)`],
    ],
    ['an approver twice', '[alice, bob]', '[alice, alice]', [`26:37: ${AT_APPROVALS}.approvers[1]: stands here twice`]],
    [
      'a recovery that is not there yet',
      'archive: archive',
      'archive: archive\n    recovery: { revert: redfish }',
      ['26:25: infrastructures.prod.recovery.revert: must be "operator" or "hook"'],
    ],
    [
      'a pace of zero',
      'archive: archive',
      'archive: archive\n    pace: { scale: 0 }',
      ['26:20: infrastructures.prod.pace.scale: must be at least 0.001'],
    ],
  ]);
  testRequests([
    ['nothing', null, ['must be an object with keys, not empty']],
    ['text', 'prod', ['must be an object with keys, not text']],
    ['no infrastructure', {}, ["infrastructure: is missing: name of an infrastructure in the worker's configuration"]],
    ['a phase that does not exist', asked({ phases: [1, 5] }), ['phases[1]: must be 1, 2, 3 or 4']],
    ['a phase twice', asked({ phases: [2, 2] }), ['phases[1]: stands here twice']],
    [
      'no phase',
      asked({ phases: [] }),
      [
        'phases: must name a phase, unless "removeBaseImages" is given or "baseImage" upgrades a reference host: a run without phases does only that',
      ],
    ],
    [
      'no phase, and a reference host that is not upgraded',
      asked({ phases: [], baseImage: { from: 'reference-host', host: 'h' } }),
      [
        'phases: must name a phase, unless "removeBaseImages" is given or "baseImage" upgrades a reference host: a run without phases does only that',
      ],
    ],
    [
      'an image that is kept for no time',
      asked({ removeBaseImages: { keepFor: 'a week' } }),
      [`removeBaseImages.keepFor: ${DURATION}`],
    ],
    [
      'a gate that does not exist',
      asked({ approve: ['hosts'] }),
      ['approve[0]: must be "phase" or "host"; did you mean "host"?'],
    ],
    [
      'a source that does not exist',
      asked({ baseImage: { from: 'firsthost' } }),
      ['baseImage.from: must be "first-host", "reference-host" or "file"; did you mean "first-host"?'],
    ],
    [
      'a source without its host',
      asked({ baseImage: { from: 'reference-host' } }),
      ['baseImage.host: is missing: name of the host that runs the image, as in its vCenter'],
    ],
    [
      'a path instead of a file name',
      asked({ baseImage: { from: 'file', name: '../../etc/shadow' } }),
      ['baseImage.name: must be the name of a file in the archive\'s "base-images" directory: no path, no leading dot'],
    ],
    [
      'a hidden file',
      asked({ baseImage: { from: 'file', name: '.esxi.tgz' } }),
      ['baseImage.name: must be the name of a file in the archive\'s "base-images" directory: no path, no leading dot'],
    ],
    [
      'an address instead of a name',
      asked({ infrastructure: 'https://ta-vc.example.com' }),
      [
        'infrastructure: must be a name of up to 63 letters, digits, dots, hyphens and underscores that begins with a letter or digit',
      ],
    ],
    ['a budget below nothing', asked({ failureBudget: -1 }), ['failureBudget: must be at least 0']],
    ['Quick Boot on', asked({ quickBoot: 'enable' }), ['quickBoot: must be "disable" or "keep"']],
    [
      'everything wrong at once',
      { infrastructure: 1, phases: 'all', soak: 5, target: [] },
      [
        'infrastructure: must be a name of up to 63 letters, digits, dots, hyphens and underscores that begins with a letter or digit',
        'target: must be an object with keys, not a list',
        'phases: must be a list, not text',
        `soak: ${DURATION}`,
      ],
    ],
  ]);
});

describe('versions', () => {
  testRequests([
    ...['8.0.3', '8.0', 'latest', 'v8.0.3.00500', '8.0.3.00500 ', '8.0.3-00500', 8.0].map((vCenter): RequestRow => [
      `vCenter ${JSON.stringify(vCenter)}`,
      asked({ target: { vCenter } }),
      [`target.vCenter: ${VCENTER_VERSION}`],
    ]),
    ...['8.0.3', '8.0.3.00500', '24674464', 'ESXi-8.0U3', '8.0.3-24674464', '', 803].map((baseImage): RequestRow => [
      `base image ${JSON.stringify(baseImage)}`,
      asked({ target: { esxi: { baseImage } } }),
      [`target.esxi.baseImage: ${IMAGE_VERSION}`],
    ]),
    [
      'of one cluster',
      asked({ target: { esxi: { 'Cluster 1': 'desired', 'Cluster 2': { baseImage: '8' } } } }),
      [`target.esxi["Cluster 2"].baseImage: ${IMAGE_VERSION}`],
    ],
    [
      'instead of a specification',
      asked({ target: { esxi: '8.0.3-0.0.24674464' } }),
      ['target.esxi: must be "desired", an image specification with "baseImage", or one of these for each cluster'],
    ],
    [
      'of an add-on that is missing',
      asked({ target: { esxi: { baseImage: '8.0.3-0.0.24674464', addOn: { name: 'vendor' } } } }),
      ['target.esxi.addOn.version: is missing: version of the vendor add-on'],
    ],
    [
      'of a component',
      asked({ target: { esxi: { baseImage: '8.0.3-0.0.24674464', components: { lsi: 7 } } } }),
      ['target.esxi.components.lsi: must be a version as in the depot, such as "1.2.3-4"'],
    ],
  ]);
});

describe('durations', () => {
  testFiles([
    ['in days', 'expireAfter: 72h', 'expireAfter: 3d', [`26:69: ${AT_APPROVALS}.expireAfter: ${DURATION}`]],
    ['without a unit', 'expireAfter: 72h', 'expireAfter: 72', [`26:69: ${AT_APPROVALS}.expireAfter: ${DURATION}`]],
    ['of nothing', 'expireAfter: 72h', 'expireAfter: 0h', [`26:69: ${AT_APPROVALS}.expireAfter: ${DURATION}`]],
    [
      'of years',
      'expireAfter: 72h',
      'expireAfter: 9999h',
      [`26:69: ${AT_APPROVALS}.expireAfter: is too long: the longest is "720h"`],
    ],
  ]);
  testRequests(
    ['5 min', '1h30m', '-5m', '5M', '1.5h', '', '5', 900].map((soak) => [
      JSON.stringify(soak),
      asked({ soak }),
      [`soak: ${DURATION}`],
    ]),
  );
  testRequests([['a soak of two days', asked({ soak: '48h' }), ['soak: is too long: the longest is "24h"']]]);
});

describe('secret references', () => {
  testFiles([
    ['a secret in the file', PASSWORD, 'password: hunter2', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['a secret that is a number', PASSWORD, 'password: 12345678', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['a secret in a list', PASSWORD, 'password: [hunter2]', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['a secret under a key', PASSWORD, 'password: { value: hunter2 }', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['another scheme', PASSWORD, 'password: vault:hunter2', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['the form of shells', PASSWORD, 'password: $TA_VC_PASSWORD', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['a variable without a name', PASSWORD, 'password: "env:"', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    ['a name that no variable has', PASSWORD, 'password: env:TA-VC-PASSWORD', [`7:19: ${AT_TA}.password: ${SECRET}`]],
    [
      'a file without a path',
      'clientKey: file:kmip.key',
      'clientKey: "file:"',
      [`24:59: infrastructures.prod.keyProviders.corp-kms.clientKey: ${SECRET}`],
    ],
    [
      'a secret for the backup',
      'password: env:BACKUP_PASSWORD',
      'password: hunter2',
      [`9:90: ${AT_TA}.backup.password: ${SECRET}`],
    ],
    [
      'a secret in an address',
      WORKLOAD_URL,
      'https://me:hunter2@workload-vc.example.com',
      [`13:16: ${AT_WORKLOAD}.url: must not contain an account or a secret`],
    ],
    [
      'a secret in a backup location',
      'sftp://backup.example.com',
      'sftp://me:hunter2@backup.example.com',
      [`9:29: ${AT_TA}.backup.location: must not contain an account or a secret: use "username" and "password"`],
    ],
    [
      'no password at all',
      `        ${PASSWORD}\n`,
      '',
      [`4:7: ${AT_TA}.password: is missing: where the password is found: "env:NAME" or "file:PATH"`],
    ],
  ]);
});

/** The holds of a file, written behind its archive. */
function holds(...checks: string[]): [from: string, to: string] {
  return ['archive: archive', `archive: archive\n    holds:\n${checks.map((check) => `      - ${check}\n`).join('')}`];
}

describe('holds', () => {
  const GO = 'url: "https://checks.example.com/go?team=storage"';
  const AT = 'infrastructures.prod.holds[0]';
  testFiles([
    [
      'an object instead of a list',
      'archive: archive',
      'archive: archive\n    holds: { name: a }',
      ['26:12: infrastructures.prod.holds: must be a list, not an object with keys'],
    ],
    ['without a name', ...holds(`{ ${GO} }`), [`27:9: ${AT}.name: is missing: what people read when it holds the run`]],
    [
      'with nobody to ask',
      ...holds('{ name: freeze }'),
      [`27:9: ${AT}.url: is missing: address that answers 2xx for "go" and anything else for "hold"`],
    ],
    [
      'without TLS',
      ...holds('{ name: freeze, url: "http://checks.example.com" }'),
      [
        `27:30: ${AT}.url: must be an https address such as "https://checks.example.com/go": nothing is sent without TLS`,
      ],
    ],
    [
      'a secret in an address',
      ...holds('{ name: freeze, url: "https://me:hunter2@checks.example.com" }'),
      [`27:30: ${AT}.url: must not contain an account or a secret`],
    ],
    [
      'a part behind #',
      ...holds('{ name: freeze, url: "https://checks.example.com/#go" }'),
      [`27:30: ${AT}.url: must end before the "#"`],
    ],
    ['a token in the file', ...holds(`{ name: freeze, ${GO}, token: hunter2 }`), [`27:83: ${AT}.token: ${SECRET}`]],
    [
      'TLS switched off',
      ...holds(`{ name: freeze, ${GO}, tls: false }`),
      [
        `27:81: ${AT}.tls: must be an object: certificates are always verified, by the authorities of the system unless said here`,
      ],
    ],
    [
      'an endpoint and Prometheus at once',
      ...holds(`{ name: freeze, ${GO}, prometheus: { url: "https://p.example.com", query: ALERTS } }`),
      [`27:9: ${AT}: has both "url" and "prometheus": it is one or the other`],
    ],
    [
      'Prometheus without a query',
      ...holds('{ name: alerts, prometheus: { url: "https://p.example.com" } }'),
      [`27:25: ${AT}.prometheus.query: is missing: instant query; the run is held as long as it finds something`],
    ],
    [
      'the query in the address',
      ...holds('{ name: alerts, prometheus: { url: "https://p.example.com/?query=ALERTS", query: ALERTS } }'),
      [`27:44: ${AT}.prometheus.url: must end before "?" and "#"`],
    ],
    [
      'a key that is almost right',
      ...holds('{ name: alerts, prometeus: { url: "https://p.example.com", query: ALERTS } }'),
      [
        `27:9: ${AT}.url: is missing: address that answers 2xx for "go" and anything else for "hold"`,
        `27:25: ${AT}.prometeus: unknown key; did you mean "prometheus"?`,
      ],
    ],
    [
      'two of one name',
      ...holds(`{ name: freeze, ${GO} }`, `{ name: freeze, ${GO} }`),
      ['28:17: infrastructures.prod.holds[1].name: is the name of another check too'],
    ],
    [
      'a CA file that is not there',
      ...holds(`{ name: freeze, ${GO}, tls: { caFile: /nowhere.pem } }`),
      [`27:91: ${AT}.tls.caFile: cannot be read (/nowhere.pem): there is no such file`],
    ],
  ]);
});

describe('TLS', () => {
  const noObject =
    'must be an object: certificates are always verified, by the authorities of the system unless said here';
  testFiles([
    ['switched off', TLS, 'tls: false', [`8:14: ${AT_TA}.tls: ${noObject}`]],
    [
      'switched off by another name',
      TLS,
      'tls: { insecure: true }',
      [`8:16: ${AT_TA}.tls.insecure: unknown key; known here: caFile, thumbprint`],
    ],
    ['left empty', TLS, 'tls:', [`8:13: ${AT_TA}.tls: ${noObject}`]],
    [
      'a plain address',
      WORKLOAD_URL,
      'http://workload-vc.example.com',
      [
        `13:16: ${AT_WORKLOAD}.url: must be an https address such as "https://vc.example.com": nothing is sent without TLS`,
      ],
    ],
    [
      'a name instead of an address',
      WORKLOAD_URL,
      'workload-vc.example.com',
      [
        `13:16: ${AT_WORKLOAD}.url: must be an https address such as "https://vc.example.com": nothing is sent without TLS`,
      ],
    ],
    [
      'an address with a path',
      WORKLOAD_URL,
      'https://workload-vc.example.com/ui',
      [`13:16: ${AT_WORKLOAD}.url: must end after host and port, without a path`],
    ],
    [
      'an address that is none',
      WORKLOAD_URL,
      'https://workload vc',
      [
        `13:16: ${AT_WORKLOAD}.url: is no address: write it as in "https://vc.example.com" or "https://vc.example.com:8443"`,
      ],
    ],
    [
      'a SHA-1 thumbprint',
      TLS,
      `tls: { thumbprint: "${thumbprintOf('ab', 20)}" }`,
      [`8:28: ${AT_TA}.tls.thumbprint: is a SHA-1 thumbprint; a SHA-256 thumbprint has 32: ${OPENSSL}`],
    ],
    [
      'a thumbprint that is too short',
      TLS,
      `tls: { thumbprint: "${thumbprintOf('ab', 31)}" }`,
      [`8:28: ${AT_TA}.tls.thumbprint: has 31 pairs of digits; a SHA-256 thumbprint has 32: ${OPENSSL}`],
    ],
    [
      'a thumbprint of other letters',
      TLS,
      `tls: { thumbprint: "${thumbprintOf('xy')}" }`,
      [
        `8:28: ${AT_TA}.tls.thumbprint: must be a SHA-256 thumbprint: 32 pairs of hexadecimal digits with colons, as printed by ${OPENSSL}`,
      ],
    ],
    [
      'two kinds of trust at once',
      TLS,
      `tls: { caFile: ca.pem, thumbprint: "${thumbprintOf('ab')}" }`,
      [
        `8:44: ${AT_TA}.tls.thumbprint: cannot stand beside "caFile": trust either these authorities or this one certificate`,
      ],
    ],
    [
      'a thumbprint for an address instead of a host',
      '{ thumbprints: { host-1',
      '{ thumbprints: { https://host-1',
      [
        `21:29: infrastructures.prod.esxi.tls.thumbprints["https://host-1.example.com"]: is no valid name here: it must be a host name or IP address as in vCenter, without scheme, port and path`,
      ],
    ],
    [
      'a backup that is sent in clear',
      'location: sftp:',
      'location: ftp:',
      [
        `9:29: ${AT_TA}.backup.location: must be an address that begins with sftp://, scp://, https://, ftps://, nfs:// or smb://`,
      ],
    ],
  ]);
});

it('says all that is wrong in one file at once', () => {
  const text = VALID_FILE.replace(PASSWORD, 'password: hunter2').replace('72h', '3d').replace(WORKLOAD_URL, 'http://x');
  expect(problemsOf(text, CA)).toHaveLength(3);
});
