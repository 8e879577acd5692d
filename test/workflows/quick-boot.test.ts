import { describe, expect, it } from 'vitest';
import { applyEdit } from '../../simulator/api/control/edits';
import { attestationOf } from '../../simulator/world/attestation';
import { imageOf } from '../../simulator/world/image';
import { ledgerWorkflowId } from '../../src/model/ids';
import type { LedgerState } from '../../src/model/ledger';
import { HOST_1, hostsRequest, hostsSite, NEW_BUILD, OLD_BUILD } from '../support/hosts-site';
import { eventually, failureOf } from '../support/people';
import { approve, approveEverything, openGate, startRehearsal, type Rehearsal } from '../support/rehearsal';

const HOST_2 = 'host-2.lab.example';
const POLICY = { enable_quick_boot: true };

/** Two Trusted Hosts in a cluster with Quick Boot on. */
function quickBootSite(switches: Record<string, unknown> = {}) {
  const site = hostsSite({ trusted: 2 });
  for (const { clusters } of site.trusted) for (const cluster of clusters) Object.assign(cluster, { policy: POLICY });
  const images = { ...site.images, middle: { baseImage: '8.0.2-0.0.23305546' } };
  return { ...site, images, switches, durations: { ...site.durations, quickBoot: 150 } };
}

function policyOf({ simulator }: Rehearsal) {
  return simulator.world.state.vCenters.flatMap(({ clusters }) =>
    clusters.filter(({ name }) => name === 'Trusted Cluster').map(({ lifecycle }) => lifecycle.policy),
  );
}

function imagesOf({ simulator }: Rehearsal, name: string) {
  const { runningImage, bootedImage } = simulator.world.host(name);
  return { runs: runningImage.build, bootedFully: bootedImage.build };
}

async function bootsOf({ client, infrastructure }: Rehearsal) {
  const ledger = client.workflow.getHandle(ledgerWorkflowId(infrastructure));
  return await eventually('the boots', async () => {
    const { boots = [] } = await ledger.query<LedgerState>('ledger');
    return boots.length === 2
      ? Object.fromEntries(boots.map(({ subject, lastFullBoot }) => [subject.name, lastFullBoot.map((b) => b.build)]))
      : undefined;
  });
}

/** Full boots of a host, in the world's own log. */
function boots({ simulator }: Rehearsal, host: string): unknown[] {
  const started = simulator.world.events
    .all()
    .filter((event) => event.what === 'reboot-started' && event.host === host);
  return started.map(({ detail }) => detail['kind']);
}

describe.concurrent('Quick Boot', { timeout: 150_000 }, () => {
  it.each([true, false])(
    'kept: hosts attest with their old image, the new one is learned all the same (a Quick Boot shows in the boot time: %s)',
    async (quickBootChangesBootTime) => {
      await using lab = await startRehearsal(quickBootSite({ quickBootChangesBootTime }));
      const before = structuredClone(policyOf(lab));
      const run = await lab.start(hostsRequest(lab.infrastructure, { quickBoot: 'keep' }));
      const { report, approved } = await approveEverything(lab, run);
      expect(report.outcome).toBe('completed');
      expect(approved.filter((id) => id.startsWith('base-image-import:'))).toHaveLength(1);
      expect([boots(lab, HOST_1), boots(lab, HOST_2)]).toEqual([['quick'], ['quick']]);
      expect(imagesOf(lab, HOST_1)).toEqual({ runs: NEW_BUILD, bootedFully: OLD_BUILD });
      expect(policyOf(lab)).toEqual(before);
      // Nobody observed a full boot of these hosts: what they attest with is not known, and not guessed.
      expect(await bootsOf(lab)).toEqual({ [HOST_1]: [], [HOST_2]: [] });
      // The second host is begun only when its image is known.
      const events = lab.simulator.world.events.all();
      const imported = events.findIndex(({ what }) => what === 'base-image-imported');
      const second = events.findIndex((e) => e.what === 'maintenance-mode-entering' && e.host === HOST_2);
      expect(imported).toBeGreaterThan(0);
      expect(imported).toBeLessThan(second);
    },
  );

  it('kept after a full boot that was observed: the ledger holds both images, and the one in use stays trusted', async () => {
    await using lab = await startRehearsal(quickBootSite());
    const first = hostsRequest(lab.infrastructure, { target: { esxi: { baseImage: '8.0.2-0.0.23305546' } } });
    expect((await approveEverything(lab, await lab.start(first))).report.outcome).toBe('completed');
    expect(await bootsOf(lab)).toEqual({ [HOST_1]: ['23305546'], [HOST_2]: ['23305546'] });
    const second = hostsRequest(lab.infrastructure, { quickBoot: 'keep' });
    expect((await approveEverything(lab, await lab.start(second))).report.outcome).toBe('completed');
    expect(await bootsOf(lab)).toEqual({ [HOST_1]: [NEW_BUILD, '23305546'], [HOST_2]: [NEW_BUILD, '23305546'] });
    expect(imagesOf(lab, HOST_1)).toEqual({ runs: NEW_BUILD, bootedFully: '23305546' });

    await new Promise((resolve) => setTimeout(resolve, 1100));
    const { infrastructure } = lab;
    const removal = await lab.start({ infrastructure, phases: [], removeBaseImages: { keepFor: '1s' } });
    const gate = await openGate(removal, ({ id }) => id === 'base-image-removal');
    expect(gate.facts.filter((fact) => fact.startsWith('would go'))).toEqual([expect.stringContaining(OLD_BUILD)]);
    expect(gate.facts.join('\n')).toMatch(/stays: ESXi [^:]*23305546: .*last booted it fully/);
    await approve(removal, gate);
    expect((await removal.result()).outcome).toBe('completed');
    for (const name of [HOST_1, HOST_2]) expect(attestationOf(lab.simulator.world.host(name))).toBe('attested');
  });

  it('of a host elsewhere is cured by a full reboot, with Quick Boot off, and the setting is restored', async () => {
    await using lab = await startRehearsal(quickBootSite());
    expect((await approveEverything(lab, await lab.start(hostsRequest(lab.infrastructure)))).report.outcome).toBe(
      'completed',
    );
    const before = structuredClone(policyOf(lab));
    // It was Quick Booted in another cluster: it runs what it should and attests with an image that nobody trusts.
    const host = lab.simulator.world.host(HOST_2);
    host.bootedImage = imageOf('8.0.2-0.0.23305546');
    await applyEdit(lab.simulator.world, { edit: 'drop-attestation', host: HOST_2 });
    const past = boots(lab, HOST_2).length;

    const request = hostsRequest(lab.infrastructure, { reboot: [HOST_2], phases: [4], reason: 'not attested' });
    const { report } = await approveEverything(lab, await lab.start(request));
    expect(report.items).toEqual([{ phase: 4, name: HOST_2, state: 'done', detail: `8.0.3 build ${NEW_BUILD}` }]);
    expect(boots(lab, HOST_2).slice(past)).toEqual(['full']);
    expect(attestationOf(host)).toBe('attested');
    expect(host.inMaintenanceMode).toBe(false);
    expect(policyOf(lab)).toEqual(before);
    expect(await bootsOf(lab)).toEqual({ [HOST_1]: [NEW_BUILD], [HOST_2]: [NEW_BUILD] });
  });

  it('is not asked of a host that the infrastructure does not have', async () => {
    await using lab = await startRehearsal(quickBootSite());
    const unknown = await lab.start(hostsRequest(lab.infrastructure, { reboot: ['host-3.lab.example'] }));
    expect(await failureOf(unknown.result())).toContain(
      '[VTA_HOST_NOT_FOUND] reboot[0]: No Trusted Cluster of the infrastructure has a host "host-3.lab.example".',
    );
    const keep = await lab.start(hostsRequest(lab.infrastructure, { reboot: [HOST_1], quickBoot: 'keep' }));
    expect(await failureOf(keep.result())).toContain('quickBoot: must be "disable" where "reboot" names hosts');
  });
});
