import { describe, expect, it } from 'vitest';
import { hostChangeId } from '../../src/model/ledger';
import type { Recovery, RecoveryLook } from '../../src/model/recovery';
import {
  cameBack,
  describeRecovery,
  notRemoved,
  recoveryEnd,
  recoveryQuestion,
} from '../../src/workflows/recovery-words';
import type { Run } from '../../src/workflows/run';

const HOST = { name: 'ta-host-1', uuid: 'u-1', role: 'trust-authority' } as Recovery['host'];
const DONE = ['evidence', 'removal', 'revert', 'addition', 'verification'];

function recovery(changes: Partial<Recovery> = {}): Recovery {
  return {
    host: HOST,
    cluster: { name: 'vTA Cluster' },
    previous: { version: '8.0.2', build: '1' },
    done: ['evidence'],
    ...changes,
  } as Recovery;
}

function look(changes: Partial<RecoveryLook>): RecoveryLook {
  return {
    connection: 'disconnected',
    inMaintenanceMode: true,
    version: '8.0.2',
    build: '1',
    ...changes,
  } as RecoveryLook;
}

/** What an ended run says of a host whose removal the ledger holds, or does not. */
function told(changes: Partial<Recovery>, open = true): string | undefined {
  const ledger = { open: open ? [{ id: hostChangeId('host-removed', HOST.uuid) }] : [], over: [] };
  return describeRecovery(
    { state: { recoveries: { [HOST.uuid]: recovery(changes) }, ledger } } as unknown as Run,
    HOST,
  );
}

describe('what people are told of a recovery', () => {
  it('never says that a host was removed which was not, nor that nothing was done to one that was disconnected', () => {
    expect(recoveryEnd(recovery({ neverRemoved: true }), 'in service')).toMatch(
      /^ta-host-1 was not removed: it was back on/,
    );
    expect(recoveryEnd(recovery({ revertedBy: 'operator' }), 'in service')).toMatch(
      /^ta-host-1 was removed, reverted by a person/,
    );
    expect(notRemoved(HOST, 'it has virtual machines', look({})).message).toMatch(
      /It was left as it is: disconnected, on 8\.0\.2/,
    );
  });

  it('does not say that a host works through which nobody was seen to attest', () => {
    expect(recoveryEnd(recovery({ attestationUnseen: 'host-1: refused' }), 'in service')).toMatch(
      /NOT seen yet: an attestation of a Trusted Host through it \(host-1: refused\)/,
    );
    expect(recoveryEnd(recovery(), 'in service')).not.toMatch(/NOT seen/);
  });

  it('does not say that a host is in service which was found in maintenance mode', () => {
    expect(cameBack(recovery(), 'in maintenance mode, in which it was found')).not.toMatch(/in service/);
  });

  it('asks about a host that is out of the inventory already whether it may be added again', () => {
    expect(recoveryQuestion(recovery(), look({ connection: 'absent' }))).toMatch(
      /is in no inventory.*May it be reverted, added/,
    );
    expect(recoveryQuestion(recovery(), look({}))).toMatch(/May ta-host-1 be removed/);
  });

  it.each<[string, Partial<Recovery>, RegExp]>([
    ['before its removal is known to have ended', {}, /may have begun; whether it is still there was not read since/],
    [
      'out of its cluster',
      { done: ['evidence', 'removal'], removedAt: 'T' },
      /it is OUT of vTA Cluster, since T at the latest/,
    ],
    ['when it may have been added', { done: ['evidence', 'removal', 'revert'] }, /may be in vTA Cluster by now/],
    [
      'when it was added',
      { done: DONE.slice(0, 4), newId: 'host-9' },
      /in vTA Cluster again as host-9, but not verified/,
    ],
    [
      'when it never left',
      { done: ['removal', 'revert'], neverRemoved: true },
      /it is in vTA Cluster, on its old version/,
    ],
  ])('says where a host is whose recovery is interrupted %s', (_when, changes, where) => {
    expect(told(changes)).toMatch(where);
  });

  it('says nothing of a recovery that changed nothing, or has ended: the host is read instead', () => {
    expect(told({}, false)).toBeUndefined();
    expect(told({ done: DONE })).toBeUndefined();
  });
});
