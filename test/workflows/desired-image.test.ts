import { describe, expect, it } from 'vitest';
import { judgeOrder } from '../support/judge-order';
import { quickSite, QUICK_SITE } from '../support/quick-site';
import { approveEverything, approveUntil, decide, startRehearsal, type Rehearsal } from '../support/rehearsal';

const OLD = '8.0.2-0.0.22380479';
const APPROVED = '8.0.3-0.0.24674464';
const OTHER = '8.0.3-0.0.24280767';

describe.concurrent('the desired image', { timeout: 300_000 }, () => {
  it('of somebody else is neither applied nor overwritten: the run parks until the approved one is back', async () => {
    const scenario = quickSite();
    scenario.images = { ...scenario.images, other: { baseImage: OTHER } };
    await using rehearsal = await startRehearsal(scenario);
    await post(rehearsal, '/faults', { kind: 'desired-image-edited', host: 'ta-host-1.lab.example', baseImage: OTHER });
    const run = await rehearsal.start();
    const parked = await approveUntil(rehearsal, run, ({ step }) => step !== undefined);
    expect(parked.step).toBe('host:ta-host-1.lab.example');
    expect(parked.facts.join(' ')).toMatch(
      /^VTA_DESIRED_IMAGE_DRIFTED: ta-host-1.lab.example is upgraded\. .*24280767.*approved was.*24674464/,
    );

    await decide(run, parked, 'retry');
    const again = await approveUntil(rehearsal, run, ({ step }) => step !== undefined);
    expect(again.attempt).toBe(2);
    expect(desiredImage(rehearsal)).toBe(OTHER);
    const touched = rehearsal.simulator.world.events
      .all()
      .filter(({ what, host }) => what === 'maintenance-mode-entering' && host === 'ta-host-2.lab.example');
    expect(touched).toEqual([]);

    const edit = { edit: 'set-desired-image', vCenter: 'ta-vc', cluster: 'vTA Cluster', baseImage: APPROVED };
    await post(rehearsal, '/world/edit', edit);
    await decide(run, again, 'retry');
    const { report } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    const builds = rehearsal.simulator.world.state.hosts.map(({ runningImage }) => runningImage.build);
    expect(new Set(builds)).toEqual(new Set(['24674464']));
  });

  it('that adds nothing but an add-on is applied too, though the build stays the same', async () => {
    const addOn = { name: 'vendor-addon', version: '2.0' };
    const scenario = quickSite({ images: { old: { baseImage: OLD }, patched: { baseImage: OLD, addOn } } });
    await using rehearsal = await startRehearsal(scenario);
    const request = {
      infrastructure: rehearsal.infrastructure,
      target: { esxi: { baseImage: OLD, addOn } },
      phases: [2, 4],
      reason: 'a driver patch',
    };
    const run = await rehearsal.start(request);
    const { report, approved } = await approveEverything(rehearsal, run);
    expect(report.items.map(({ name, state }) => [name, state])).toEqual(
      [...QUICK_SITE.trustAuthorityHosts, ...QUICK_SITE.trustedHosts].map((name) => [name, 'done']),
    );
    expect(approved.filter((id) => id.startsWith('base-image-import:'))).toHaveLength(1);
    const events = rehearsal.simulator.world.events.all();
    for (const host of rehearsal.simulator.world.state.hosts) {
      expect([host.name, host.runningImage.addOn]).toEqual([host.name, addOn]);
      expect(events.filter((e) => e.what === 'remediation-started' && e.host === host.name)).toHaveLength(1);
    }
    expect(judgeOrder(events, QUICK_SITE)).toEqual([]);
  });
});

function desiredImage(rehearsal: Rehearsal): string | undefined {
  const authority = rehearsal.simulator.world.state.vCenters[0];
  return authority?.clusters[0]?.lifecycle.commits.at(-1)?.spec.baseImage;
}

async function post(rehearsal: Rehearsal, path: string, body: object): Promise<void> {
  const answer = await fetch(`${rehearsal.simulator.ready.control}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
}
