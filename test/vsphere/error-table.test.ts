import { describe, expect, it } from 'vitest';
import { remedyOf, type Remedy } from '../../src/vsphere/error-table';
import {
  AnswerNotUnderstood,
  ApiFault,
  LoginRefused,
  NotSent,
  OutcomeUnknown,
  type NotSentReason,
} from '../../src/vsphere/errors';

const fault = (status: number | undefined, errorType?: string, messages: string[] = []) =>
  new ApiFault('GET /x', { status, errorType, messages });

describe('the remedy for a fault', () => {
  it.each([
    [500, 'RESOURCE_BUSY', 'retry-soon'],
    [400, 'RESOURCE_BUSY', 'retry-soon'],
    [400, 'ALREADY_EXISTS', 'already-done'],
    [400, 'ALREADY_IN_DESIRED_STATE', 'already-done'],
    [409, 'CONCURRENT_CHANGE', 'retry-soon'],
    [404, 'NOT_FOUND', 'gone'],
    [404, 'OPERATION_NOT_FOUND', 'retry-later'],
    [503, 'SERVICE_UNAVAILABLE', 'retry-later'],
    [500, 'RESOURCE_INACCESSIBLE', 'retry-later'],
    [500, 'UNABLE_TO_ALLOCATE_RESOURCE', 'refused'],
    [500, 'TIMED_OUT', 'outcome-unknown'],
    [504, 'TIMED_OUT', 'outcome-unknown'],
    [400, 'INVALID_ARGUMENT', 'refused'],
    [403, 'UNAUTHORIZED', 'refused'],
    [401, 'UNAUTHENTICATED', 'reauthenticate'],
    [undefined, 'RESOURCE_BUSY', 'retry-soon'],
    [500, 'NotAuthenticated', 'reauthenticate'],
    [500, 'InvalidLogin', 'refused'],
    [500, 'ManagedObjectNotFound', 'gone'],
    [500, 'AlreadyConnected', 'already-done'],
    [500, 'Timedout', 'outcome-unknown'],
  ] as [number | undefined, string, Remedy][])('status %s, type %s is %s', (status, type, remedy) => {
    expect(remedyOf(fault(status, type))).toBe(remedy);
  });

  it('is in the table for every error type of the API', () => {
    // contract/std-errors.json: the 25 types of vSphere 8.0.3. A type that is not in the table falls back to the
    // status, so an impossible status shows whether it is.
    const types = (
      'ALREADY_EXISTS ALREADY_IN_DESIRED_STATE CANCELED CONCURRENT_CHANGE ERROR FEATURE_IN_USE INTERNAL_SERVER_ERROR ' +
      'INVALID_ARGUMENT INVALID_ELEMENT_CONFIGURATION INVALID_ELEMENT_TYPE INVALID_REQUEST ' +
      'NOT_ALLOWED_IN_CURRENT_STATE NOT_FOUND OPERATION_NOT_FOUND RESOURCE_BUSY RESOURCE_IN_USE ' +
      'RESOURCE_INACCESSIBLE SERVICE_UNAVAILABLE TIMED_OUT UNABLE_TO_ALLOCATE_RESOURCE UNAUTHENTICATED UNAUTHORIZED ' +
      'UNEXPECTED_INPUT UNSUPPORTED UNVERIFIED_PEER'
    ).split(' ');
    const dependsOnStatus = types.filter((type) => remedyOf(fault(401, type)) !== remedyOf(fault(200, type)));
    expect(dependsOnStatus).toEqual([]);
    expect(remedyOf(fault(401, 'OF_TOMORROW'))).not.toBe(remedyOf(fault(200, 'OF_TOMORROW')));
  });

  it.each([
    [401, [], 'reauthenticate'],
    [403, [], 'refused'],
    [404, ['no such base image'], 'gone'],
    [404, [], 'retry-later'],
    [400, [], 'refused'],
    [302, [], 'refused'],
    [429, [], 'retry-later'],
    [502, [], 'retry-later'],
    [503, [], 'retry-later'],
    [undefined, ['failed'], 'retry-later'],
  ] as [number | undefined, string[], Remedy][])(
    'without a type follows the status %s %j: %s',
    (status, said, remedy) => {
      expect(remedyOf(fault(status, undefined, said))).toBe(remedy);
      expect(remedyOf(fault(status, 'constructor', said))).toBe(remedy);
    },
  );
});

describe('the remedy for the other families', () => {
  it.each([
    ['refused', 'retry-later'],
    ['dns', 'retry-later'],
    ['connection-lost', 'retry-later'],
    ['deadline', 'retry-later'],
    ['tls-handshake', 'retry-later'],
    ['tls-wrong-thumbprint', 'refused'],
    ['tls-unknown-ca', 'refused'],
    ['tls-host-name', 'refused'],
    ['tls-validity', 'refused'],
  ] as [NotSentReason, Remedy][])('not sent because of %s is %s', (reason, remedy) => {
    expect(remedyOf(new NotSent('GET /x', reason, ''))).toBe(remedy);
  });

  it('is to read the state, or to ask a person', () => {
    expect(remedyOf(new OutcomeUnknown('POST /x', 'connection-lost', ''))).toBe('outcome-unknown');
    expect(remedyOf(new AnswerNotUnderstood('GET /x', 'health', 'is missing'))).toBe('refused');
    expect(remedyOf(new LoginRefused('POST /api/session', { status: 401, errorType: undefined, messages: [] }))).toBe(
      'refused',
    );
  });
});
