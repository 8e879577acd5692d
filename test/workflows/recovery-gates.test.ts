import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { OpenGate } from '../../src/model/progress';
import { bringsBack, edit, operate } from '../support/failed-host';
import { HOST_1, hostsRequest, hostsSite, OLD_BUILD, TA_1, TA_2 } from '../support/hosts-site';
import { auditOf, progressOf } from '../support/people';
import { decide, openGate, reject, startRehearsal, type Rehearsal } from '../support/rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

/** On a machine that is busy. */
const PATIENCE_MS = 120_000;

/** What the workload vCenter and its hosts know of the services of a Trust Authority Host. */
function knownOf({ simulator: { world } }: Rehearsal, name: string) {
  const vCenter = world.vCenter('workload-vc');
  const lists = [
    vCenter.attestationServices,
    vCenter.kmsServices,
    ...vCenter.clusters.flatMap(({ trustServices: { attestation, kms } }) => [attestation, kms]),
    world.host(HOST_1).appliedTrust.attestation,
    world.host(HOST_1).appliedTrust.kms,
  ];
  return lists.map((list) => list.filter(({ address }) => address.hostname === name));
}

/** What was sent to a host itself, whether it understood it or not. */
function sentTo({ simulator }: Rehearsal, name: string): number {
  return simulator.requests.all().filter(({ endpoint }) => endpoint === name).length;
}

/** Rejects a gate, looks at what is told then, and tries again until the same is asked once more. */
async function rejectOnce(run: RunHandle, gate: OpenGate, look: (parked: OpenGate) => void): Promise<void> {
  await reject(run, gate);
  const parked = await openGate(run, ({ step }) => step?.startsWith(`recover:${TA_1}:`) === true, PATIENCE_MS);
  expect(parked.actions).toEqual(['retry', 'abort']);
  look(parked);
  await decide(run, parked, 'retry');
  const again = await openGate(run, ({ id }) => id === gate.id, PATIENCE_MS);
  expect(again.facts).toEqual(gate.facts);
}

describe('a Trust Authority Host that was installed anew', { timeout: 240_000 }, () => {
  it('is asked about: its certificate, what it does not tell, its services; who rejects one is told what is true', async () => {
    await using lab = await startRehearsal(hostsSite());
    const { world } = lab.simulator;
    world.faults.add({ kind: 'service-broken', host: TA_1, service: 'attestd' });
    const before = knownOf(lab, TA_1);
    const others = knownOf(lab, TA_2);
    const run = await lab.start(hostsRequest(lab.infrastructure));
    const reverts = bringsBack(TA_1, async () => {
      await edit(lab, { edit: 'revert-host', host: TA_1 });
      await edit(lab, { edit: 'replace-certificate', endpoint: TA_1 });
      world.faults.add({ kind: 'error', operation: 'GET boot_imgdb.tgz', host: TA_1, count: null });
    });
    const until = async (wanted: string): Promise<OpenGate> => {
      const stopAt = ({ id, facts }: OpenGate) => id.startsWith(wanted) || facts[0]?.startsWith(wanted) === true;
      const end = await operate(run, { decide: reverts, stopAt });
      if ('report' in end) throw new Error(JSON.stringify(end.report));
      return end.gate;
    };

    const certificate = await until('certificate:');
    const presented = new X509Certificate(world.host(TA_1).certificate);
    expect(certificate.digest).toBe(presented.fingerprint256);
    expect(certificate.facts[0]).toBe(`SHA-256 ${presented.fingerprint256}`);
    const sent = sentTo(lab, TA_1);
    await rejectOnce(run, certificate, ({ facts: [told] }) => {
      expect(told).toMatch(/^VTA_TLS_NOT_TRUSTED: alice did not confirm .* is out of the cluster and was sent nothing/);
      expect(told).toContain(presented.fingerprint256);
      expect(world.host(TA_1).cluster).toBeNull();
    });
    expect(sentTo(lab, TA_1)).toBe(sent);

    const approved = async (gate: OpenGate, next: string): Promise<OpenGate> => {
      const open = await until(next);
      expect((await auditOf(run)).map(({ what, on }) => `${what} ${on}`)).toContain(`approved ${gate.id}`);
      return open;
    };
    const waiver = await approved(certificate, 'waiver:');
    expect(waiver.facts).toEqual(['not proved: its image: it could not be read']);
    await rejectOnce(run, waiver, ({ facts: [told] }) => {
      expect(told).toMatch(
        /^VTA_RECOVERY_REJECTED: alice did not accept .*its image: it could not be read\. It is out/,
      );
      expect(world.host(TA_1)).toMatchObject({ cluster: null, runningImage: { build: OLD_BUILD } });
    });

    const services = await approved(waiver, 'services:');
    expect(world.host(TA_1)).toMatchObject({ connectionState: 'connected', inMaintenanceMode: true });
    expect(services.facts).toHaveLength(2);
    for (const service of ['attestation', 'key provider'])
      expect(services.facts.join('\n')).toMatch(
        new RegExp(`workload-vc\\.lab\\.example, ${service} service: ${TA_1}:443 presents a certificate that none`),
      );
    await rejectOnce(run, services, ({ facts: [told] }) => {
      expect(told).toMatch(/^VTA_RECOVERY_REJECTED: alice rejected .*They know it otherwise: .*"retry" asks again/);
      expect(knownOf(lab, TA_1)).toEqual(before);
      expect(world.host(TA_1).inMaintenanceMode).toBe(true);
    });

    const recovered = await approved(services, 'VTA_HOST_RECOVERED');
    for (const known of knownOf(lab, TA_1))
      expect(known).toMatchObject([{ address: { hostname: TA_1 }, trustedCA: [world.host(TA_1).certificate] }]);
    expect(knownOf(lab, TA_2)).toEqual(others);
    expect(world.host(TA_1)).toMatchObject({ connectionState: 'connected', inMaintenanceMode: false });
    expect(recovered.facts[0]).toMatch(
      /Its removal lost what people must see to now: its tags, .*; its place in a vSAN/,
    );
    await decide(run, recovered, 'abort');
    const report = await run.result();
    expect(report.byHand).toMatchObject([
      { host: TA_1, what: [/its tags/, /vSAN/].map((text) => expect.stringMatching(text)) },
    ]);
    expect((await progressOf(run)).gates).toEqual([]);
  });
});
