import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { loadHistory } from '../../src/testing/load-history';
import * as workflows from '../../src/workflows';
import { decodedTexts, recordedHistories } from './history-file';

/*
 * Runs that are open when a worker is updated go on with the new version: it must do again what the old one did. How
 * histories are recorded, and when new ones are: docs/decisions.
 */
const HISTORIES = recordedHistories();

/** Absolute paths other than of the recorded site, addresses with a port, `process@machine`. */
const OF_A_MACHINE = /(?<![\w.:<])\/(?!lab\/)\w[\w.-]*\/[^"\s]*|\d+\.\d+\.\d+\.\d+:\d+|localhost|\d+@\w+/g;

beforeAll(() => {
  const telemetryOptions = { logging: { filter: 'OFF' } };
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions });
});

/** Replays a history against the workflow code of this tree, in the bundle that all tests share. */
async function replay(text: string): Promise<void> {
  const history = loadHistory(text);
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? undefined;
  await Worker.runReplayHistory({ workflowBundle: { codePath: inject('workflowBundlePath') } }, history, workflowId);
}

describe('the recorded histories', () => {
  it.each(HISTORIES)('are what this version would do: $name', async ({ text }) => {
    await replay(text);
  });

  it('are of every workflow', () => {
    const recorded = HISTORIES.map(({ text }) => /"workflowType":\{"name":"(\w+)"/.exec(text)?.[1]);
    expect(recorded).toEqual(expect.arrayContaining(Object.keys(workflows)));
  });

  it.each(HISTORIES)('hold nothing of the machine that they were recorded on: $name', ({ text }) => {
    expect(decodedTexts(text).flatMap((one) => one.match(OF_A_MACHINE) ?? [])).toEqual([]);
  });
});

describe('a replay', () => {
  const [run] = HISTORIES.filter(({ name }) => name.endsWith('run-of-everything.json')).map(({ text }) => text);

  it.each([
    ['an activity that this version would not start then', 'vtaEnsureConfigurationBackup', 'vtaEnsureSomethingElse'],
    ['a child that this version would name otherwise', 'vta-upgrade:lab:host:', 'vta-upgrade:lab:machine:'],
  ])('notices %s', async (_, is, was) => {
    expect(run).toContain(is);
    await expect(replay(run?.replaceAll(is, was) ?? '')).rejects.toThrow(/TMPRL1100|[Nn]ondeterminism/);
  });
});
