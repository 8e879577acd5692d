import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { FIRST_PAUSES, PAUSE_GROWTH } from '../../src/activities/wait';
import { formatDuration } from '../../src/model/duration';
import type { ErrorCode } from '../../src/model/error-codes';
import { DEFAULT_PACE, type Pace, type WaitPace } from '../../src/model/pace';
import { BY_ERROR_TYPE, remedyOf, type Remedy } from '../../src/vsphere/error-table';
import {
  AnswerNotUnderstood,
  ApiFault,
  LoginRefused,
  NotSent,
  OutcomeUnknown,
  type NotSentReason,
  type VsphereError,
} from '../../src/vsphere/errors';
import { readsPatienceMs, retryPolicy } from '../../src/workflows/proxies';

/** What each remedy means, in the order of the page. */
const REMEDIES: Record<Remedy, [when: string, what: string]> = {
  reauthenticate: ['at once, once', 'the session is renewed and the request repeated: it was not carried out'],
  'retry-soon': ['later', 'somebody else is at it for a moment: the state is read and the request sent again'],
  'retry-later': ['later', 'the server, a host or a service is away or in another state: read and sent again'],
  'outcome-unknown': [
    'never blindly',
    'it may have been carried out: the state is read first, and sent again only if it was not',
  ],
  'already-done': [
    'never',
    'the state that was asked for holds, or an object of that name is there: read and compared',
  ],
  gone: ['never', 'there is no such object: the step says what that means'],
  refused: ['never', 'the same request would be refused again: the step fails and people are asked'],
};

type WaitName = { [Name in keyof Pace]: Pace[Name] extends WaitPace ? Name : never }[keyof Pace];

/** What is waited for with each pace, and codes at its hard deadline that no `waitUntil` names beside it. */
const WAITS: Record<WaitName, [step: string, more: ErrorCode[]]> = {
  maintenanceMode: ['a host entering or leaving maintenance mode, or being removed', []],
  remediation: ['vLCM remediating one host', ['VTA_STRANGER_AT_WORK']],
  reconnect: ['a host coming back from its boot, being connected, or being added', []],
  firstAttestation: ['a host attesting whose image may be unknown', []],
  attestation: ['a host attesting whose image is known', ['VTA_NOT_ATTESTED', 'VTA_ATTESTATION_STALE']],
  services: ['attestd and kmxd; short steps', []],
  serviceHealth: ['hosts, clusters and the Trust Authority being healthy', ['VTA_STRANGER_AT_WORK']],
  desiredImage: ['a desired image being validated and committed, a host being scanned', ['VTA_DEADLINE_PASSED']],
  baseImage: ['a base image being exported or imported, a vTA configuration being restored', []],
  vCenterBackup: ['the backup of a vCenter', []],
  vCenterStage: ['an update being staged', []],
  imageStage: ['an image being staged on the hosts of a cluster', []],
  vCenterInstall: ['an update being installed, through the reboot', []],
  openChild: ["an earlier run's host or vCenter that is still in work", []],
};

const ACTIVITIES = path.join(__dirname, '../../src/activities');

/** Codes at the hard deadline of each pace, as the activities name them. */
function deadlineCodes(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync(ACTIVITIES).toSorted()) {
    const source = readFileSync(path.join(ACTIVITIES, file), 'utf8');
    const waits = source.matchAll(
      /\bcode: (.*)\n(?:(?!.*\bcode: ).*\n){0,3}? *deadlineMs: .*\bpace\.(\w+)\.deadlineMs/g,
    );
    for (const [, codes = '', name = ''] of waits)
      found.set(name, [...(found.get(name) ?? []), ...(codes.match(/VTA_[A-Z_]+/g) ?? [])]);
  }
  return found;
}

const NOT_SENT: NotSentReason[] = [
  'refused',
  'dns',
  'unreachable',
  'connection-lost',
  'deadline',
  'cancelled',
  'tls-handshake',
  'tls-wrong-thumbprint',
  'tls-unknown-ca',
  'tls-host-name',
  'tls-validity',
];

const PLAIN = { status: 401, errorType: undefined, messages: [] };

/** Errors that are no answer of an API with a type of its own. */
const OTHERS: [what: string, error: VsphereError][] = [
  ...NOT_SENT.map((reason): [string, VsphereError] => [`not sent (${reason})`, new NotSent('x', reason, '')]),
  ['sent (answer lost)', new OutcomeUnknown('x', 'connection-lost', '')],
  ['login refused', new LoginRefused('x', PLAIN)],
  ['answer not understood', new AnswerNotUnderstood('x', '$', '')],
  ['no type (401)', new ApiFault('x', PLAIN)],
  ['no type (404 of a proxy)', new ApiFault('x', { ...PLAIN, status: 404 })],
  ['no type (408)', new ApiFault('x', { ...PLAIN, status: 408 })],
  ['no type (429)', new ApiFault('x', { ...PLAIN, status: 429 })],
  ['no type (500 and above)', new ApiFault('x', { ...PLAIN, status: 503 })],
  ['no type (another status)', new ApiFault('x', { ...PLAIN, status: 400 })],
  ['unknown type in a task', new ApiFault('x', { ...PLAIN, status: undefined, errorType: 'Unheard' })],
];

/** `docs/retries.md`, from the tables that the product itself decides by. */
export function retriesPage(): string {
  const { initialInterval, backoffCoefficient, maximumInterval } = retryPolicy(DEFAULT_PACE);
  const named = deadlineCodes();
  const { pollMs, callMs, heartbeatTimeoutMs } = DEFAULT_PACE;
  return `# What is tried again

Written from the tables that the product decides by (\`src/vsphere/error-table.ts\`, \`src/model/pace.ts\`); a test compares.

A step does not give up because a call failed. A **call** has ${formatDuration(callMs)}. A **wait** looks again after
${formatDuration(pollMs / FIRST_PAUSES)}, then each time ${PAUSE_GROWTH} times as long, up to ${formatDuration(pollMs)}, until its hard deadline. A **read** that fails is
tried again by Temporal after ${formatDuration(initialInterval)}, each time ${backoffCoefficient} times as long, up to ${formatDuration(maximumInterval)}, for ${formatDuration(readsPatienceMs(DEFAULT_PACE))}: a vCenter that answers nothing, or 503
for twenty minutes, is waited out. A **worker** that is silent for ${formatDuration(heartbeatTimeoutMs)} is replaced by another, which reads first.

When that is used up, or trying again cannot help, the step fails: the run parks and asks. It tries nothing by itself then. One
remedy comes before that: services of a Trust Authority Host are restarted once, and a Trusted Host that does not attest is connected
anew once; where the site has a hook for it (\`vtaRestartService\`), kmxa is restarted on it after that, once.

## By error

By \`error_type\` (REST) or name of the fault (SOAP), never by HTTP status, since RESOURCE_BUSY arrives as 500 and
ALREADY_EXISTS as 400.

| again | what is done | errors |
| --- | --- | --- |
${remedies()
  .map(([remedy, [when, what]]) => `| ${when} | ${what} | ${errorsWith(remedy).join(', ')} |`)
  .join('\n')}

An error that nobody has named yet is judged by its status, as the lines "no type" say.

## By kind of step

At the warning people are told that it takes longer than expected, and it goes on. At the hard deadline the step fails with the
code, and says what was last seen. \`pace.scale\` of the infrastructure file scales all of them for rehearsals.

| waited for | warning | hard deadline | code then |
| --- | --- | --- | --- |
${waits()
  .map(([name, [step, more]]) => {
    const { warnMs, deadlineMs } = DEFAULT_PACE[name];
    const codes = [...new Set([...(named.get(name) ?? []), ...more])];
    return `| ${step} | ${formatDuration(warnMs)} | ${formatDuration(deadlineMs)} | ${codes.map(codeLink).join(', ') || 'none: its base image is exported'} |`;
  })
  .join('\n')}

Where people or a hold are waited for, there is no deadline, but a reminder each time \`approvals.expireAfter\` passes.
`;
}

function remedies() {
  return Object.entries(REMEDIES) as [Remedy, (typeof REMEDIES)[Remedy]][];
}

function waits() {
  return Object.entries(WAITS) as [WaitName, (typeof WAITS)[WaitName]][];
}

function codeLink(code: string): string {
  return `[${code}](errors.md#${code.toLowerCase()})`;
}

function errorsWith(remedy: Remedy): string[] {
  const named = Object.entries(BY_ERROR_TYPE).flatMap(([type, its]) => (its === remedy ? [type] : []));
  return [...named, ...OTHERS.flatMap(([what, error]) => (remedyOf(error) === remedy ? [what] : []))];
}
