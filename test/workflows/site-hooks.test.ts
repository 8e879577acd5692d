import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { attestationOf } from '../../simulator/world/attestation';
import type { OpenGate } from '../../src/model/progress';
import { bringsBack, edit, operate } from '../support/failed-host';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD, TA_1 } from '../support/hosts-site';
import { auditOf, progressOf } from '../support/people';
import { startRehearsal, type Rehearsal } from '../support/rehearsal';
import { startSiteHookWorker, type HandsOfTheSite } from '../support/site-hook-worker';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

const isRecovered = ({ facts }: OpenGate) => facts[0]?.startsWith('VTA_HOST_RECOVERED') === true;
const isRevert = ({ step }: OpenGate) => step === `revert:${TA_1}`;

/** A site whose hooks are the documented worker, on a task queue of its own. */
async function startLab(
  site: Parameters<typeof startRehearsal>[0],
  hands: (lab: Rehearsal) => Partial<HandsOfTheSite>,
): Promise<Rehearsal> {
  const hooks = `site-hooks-${randomUUID()}`;
  const lab = await startRehearsal(site, (file) => {
    file.recovery = { revert: 'hook', taskQueue: hooks };
  });
  const notCalled = () => Promise.reject(ApplicationFailure.nonRetryable('the site does not expect that'));
  const worker = await startSiteHookWorker(hooks, {
    bootOtherBank: notCalled,
    restartOnHost: notCalled,
    ...hands(lab),
  });
  return {
    ...lab,
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await lab[Symbol.asyncDispose]();
    },
  };
}

async function startFailing(lab: Rehearsal): Promise<RunHandle> {
  lab.simulator.world.faults.add({ kind: 'service-broken', host: TA_1, service: 'attestd' });
  return await lab.start(hostsRequest(lab.infrastructure));
}

/** "recover" is decided at the first failure; whoever is asked to go to the console fails the test. */
const recoverOnly = bringsBack(TA_1, () => Promise.reject(new Error('nobody has to go to the console')));

function gateOf(end: Awaited<ReturnType<typeof operate>>): OpenGate {
  if ('gate' in end) return end.gate;
  throw new Error(JSON.stringify(end.report));
}

const revert = (lab: Rehearsal) => edit(lab, { edit: 'revert-host', host: TA_1 });

describe.concurrent("the site's own hooks", { timeout: 240_000 }, () => {
  it('revert a failed Trust Authority Host without a question, once, although the worker of the run is replaced', async () => {
    const called: string[][] = [];
    await using lab = await startLab(hostsSite(), (site) => ({
      async bootOtherBank(...given) {
        called.push(given);
        await site.replaceWorker();
        await revert(site);
      },
    }));
    const run = await startFailing(lab);
    const gate = gateOf(await operate(run, { decide: recoverOnly, stopAt: isRecovered }));
    const host = lab.simulator.world.host(TA_1);
    expect(gate.facts[0]).toContain(`was removed, reverted by the site's hook to 8.0.2 build ${OLD_BUILD}`);
    expect(called).toEqual([[TA_1, OLD_BUILD, `${run.firstExecutionRunId}:${host.hardwareUuid}:1`]]);
    expect([host.runningImage.build, host.connectionState, host.inMaintenanceMode]).toEqual([
      OLD_BUILD,
      'connected',
      false,
    ]);
    const audit = await auditOf(run);
    expect(audit.find(({ what }) => what === 'said to be reverted')).toMatchObject({
      on: TA_1,
      why: `vtaRevertHost: booted the other bank of ${TA_1}`,
    });
    expect(audit.filter(({ on }) => on?.startsWith('decide:revert:') === true)).toEqual([]);
  });

  it('are not believed, and asked again under the same key by a new run after a terminate: a person reads what they say', async () => {
    const keys: string[] = [];
    await using lab = await startLab(hostsSite(), () => ({
      bootOtherBank(_host, _build, key) {
        keys.push(key);
        if (keys.length > 1) throw ApplicationFailure.nonRetryable('the other bank is empty');
        return Promise.resolve();
      },
    }));
    const differs = `it runs 8.0.3 build ${NEW_BUILD} instead of 8.0.2 build ${OLD_BUILD}`;
    const first = await startFailing(lab);
    const asked = gateOf(await operate(first, { decide: recoverOnly, stopAt: isRevert }));
    expect(asked.facts.slice(0, 2)).toEqual([
      differs,
      `the site's hook says that it reverted it: booted the other bank of ${TA_1}`,
    ]);
    await first.terminate('somebody pressed the wrong button');

    const run = await lab.start(hostsRequest(lab.infrastructure));
    const again = gateOf(await operate(run, { decide: () => undefined, stopAt: isRevert }));
    expect(again.facts.slice(0, 2)).toEqual([differs, "the site's hook did not revert it: the other bank is empty"]);
    expect((await progressOf(run)).warnings.join('\n')).toMatch(/hook did not revert .*the other bank is empty/);
    const { hardwareUuid, cluster } = lab.simulator.world.host(TA_1);
    const key = `${first.firstExecutionRunId}:${hardwareUuid}:1`;
    expect(keys).toEqual([key, key]);
    expect(cluster).toBeNull();
    await run.terminate('seen enough');
  });

  it('restart kmxa on a Trusted Host that does not attest, before people are asked', async () => {
    const site = hostsSite();
    site.durations = { ...site.durations, attestationPeriod: 300 };
    const called: string[][] = [];
    await using lab = await startLab(site, ({ simulator: { world } }) => ({
      restartOnHost(...given) {
        called.push(given);
        world.faults.clear();
        return Promise.resolve();
      },
    }));
    lab.simulator.world.faults.add({ kind: 'not-attest', host: HOST_1 });
    const request = hostsRequest(lab.infrastructure, { phases: [4], reason: 'the Trusted Hosts' });
    const run = await lab.start(request);
    const end = await operate(run, { decide: () => undefined });
    if (!('report' in end)) throw new Error(JSON.stringify(end.gate));
    expect(end.report.items).toMatchObject([{ name: HOST_1, state: 'done' }]);
    expect(called).toEqual([[HOST_1, 'kmxa', expect.stringMatching(new RegExp(`^${run.firstExecutionRunId}:`))]]);
    expect(attestationOf(lab.simulator.world.host(HOST_1))).toBe('attested');
    expect((await progressOf(run)).warnings.join('\n')).toContain(
      `${HOST_1}: The site's hook restarted kmxa: kmxa restarted on ${HOST_1}`,
    );
  });
});
