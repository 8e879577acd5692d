import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type, typeForJson } from './support/type-command';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vta-usage-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Nothing may be contacted before the words are right. */
const NOWHERE = { env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } };
const DECIDE = ['decide', 'lab', '--step', 'backup', '--by', 'alice', '--reason', 'r'];

describe('wrong usage ends with exit code 2 and says what was meant', () => {
  it.each<[string, string[], string[]]>([
    ['an unknown command', ['aprove'], ["unknown command 'aprove'", 'Did you mean approve?']],
    [
      'an unknown option',
      ['plan', '--infrastucture', 'lab'],
      ["unknown option '--infrastucture'", 'Did you mean --infrastructure?', '`vta-upgrade plan --help`'],
    ],
    ['a missing option', ['approve', 'lab', '--by', 'alice'], ["required option '--gate <ID>' not specified"]],
    ['a missing argument', ['pause', '--by', 'alice', '--reason', 'r'], ["missing required argument 'INFRASTRUCTURE'"]],
    ['an argument too many', ['resume', 'lab', 'prod', '--by', 'alice'], ['too many arguments']],
    [
      'a word that is none of the choices',
      [...DECIDE, '--attempt', '1', '--action', 'rety'],
      ["'--action <ACTION>' argument 'rety' is invalid", 'did you mean retry?'],
    ],
    [
      'no whole number',
      [...DECIDE, '--attempt', 'first', '--action', 'retry'],
      ["'--attempt <N>' argument 'first' is invalid", 'It must be a whole number, 1 or more.'],
    ],
    ['a phase that is none', ['plan', '--infrastructure', 'lab', '--phases', '1,5'], ['It must be one of 1, 2, 3, 4']],
    [
      'no phase, and nothing that is done without',
      ['plan', '--infrastructure', 'lab', '--phases', 'none', '--base-image', 'reference-host:h'],
      ['VTA_REQUEST_INVALID', 'phases: must name a phase, unless'],
    ],
    [
      'a base image source that is none',
      ['plan', '--infrastructure', 'lab', '--base-image', 'reference-host'],
      ['It must be first-host, reference-host:NAME, upgraded-reference-host:NAME or file:NAME.'],
    ],
    ['an unknown form of output', ['status', '--output', 'jsn'], ['It must be one of text, json; did you mean json?']],
    ['an empty name', ['abort', 'lab', '--by', ' ', '--reason', 'r'], ['It must not be empty.']],
    ['following nothing', ['status', '--follow'], ['VTA_USAGE_WRONG: --follow needs the name of an infrastructure.']],
    ['no request', ['plan'], ['Give --infrastructure NAME, or --request FILE.']],
    [
      'a request file and its parts',
      ['start', '--request', 'r.json', '--vcenter', '8.0.3.00500'],
      ['--request stands alone: leave out --vcenter'],
    ],
    ['a request file that is not there', ['start', '--request', '/no/such.json'], ['cannot be read', '/no/such.json']],
    [
      'a request that is not valid',
      ['plan', '--infrastructure', 'lab', '--vcenter', '8.0', '--phases', '1,1'],
      ['VTA_REQUEST_INVALID', 'target.vCenter: ', 'phases[1]: '],
    ],
    ['an infrastructure file that is not there', ['worker', '--config', '/no/such.yaml'], ['/no/such.yaml']],
    ['a scenario that is none', ['simulator', '--scenario', 'dmo'], ['dmo is neither a scenario of the package']],
  ])('%s', async (_, words, parts) => {
    const { exitCode, stdout, stderr } = await type(words, NOWHERE);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const part of parts) expect(stderr).toContain(part);
  });

  it('a request file names file, line and the nearest key of what is wrong', async () => {
    const path = file('request.json', '{\n  "infrastructure": "lab",\n  "targt": { "vCenter": "8.0.3.00500" }\n}\n');
    const { exitCode, stderr } = await type(['plan', '--request', path], NOWHERE);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${path}:3:3: targt: `);
    expect(stderr).toContain('"target"');
  });

  it('a request file that is no JSON names the line', async () => {
    const path = file('broken.json', '{\n  "infrastructure": "lab"\n  "phases": [1]\n}\n');
    const { exitCode, stderr } = await type(['start', '--request', path], NOWHERE);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${path}:3`);
  });

  it('is an answer of its own for a script', async () => {
    const words = ['plan', '--infrastructure', 'lab', '--vcenter', '8.0'];
    await expect(typeForJson(words, NOWHERE)).resolves.toEqual({
      exitCode: 2,
      json: {
        error: expect.objectContaining({
          code: 'VTA_REQUEST_INVALID',
          details: [expect.objectContaining({ path: 'target.vCenter' })],
        }),
      },
    });
  });
});
