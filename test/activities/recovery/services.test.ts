import { describe, expect, it } from 'vitest';
import { HOST_1, refusalOf, startRecoveryLab, TA_1, TA_2 } from './recovery-lab';

describe.concurrent('restarting services and telling the workload vCenters of them', { timeout: 60_000 }, () => {
  it('restarts attestd and kmxd once each, on this host alone', async () => {
    await using lab = await startRecoveryLab();
    lab.fault({ kind: 'reply-lost', operation: 'RestartService', skip: 1 });
    await lab.call('vtaEnsureServicesRestarted', { host: lab.planned(TA_1) });
    const restarts = lab.simulator.world.events
      .all()
      .flatMap(({ what, host, detail }) =>
        what === 'service-restarted' ? [`${host ?? ''} ${String(detail['service'])}`] : [],
      );
    expect(restarts.filter((line) => line === `${TA_1} attestd`)).toHaveLength(1);
    expect(restarts.every((line) => line.startsWith(TA_1))).toBe(true);
    expect(restarts).toContain(`${TA_1} kmxd`);
  });

  it('finds no difference where there is none', async () => {
    await using lab = await startRecoveryLab();
    expect(await lab.call('vtaReadServiceDifferences', { host: lab.planned(TA_1) })).toEqual([]);
  });

  it.each(['address', 'authority', 'unknown'] as const)('makes a changed %s known, with whom uses it', async (what) => {
    await using lab = await startRecoveryLab();
    const host = lab.planned(TA_1);
    const workload = lab.simulator.world.vCenter('workload-vc');
    const [cluster] = workload.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    const lists = [workload.attestationServices, cluster.trustServices.attestation];
    for (const list of lists)
      for (const one of list.filter(({ address }) => address.hostname === TA_1)) {
        if (what === 'address') one.address = { hostname: 'old.lab.example', port: 443 };
        if (what === 'authority') one.trustedCA = [lab.host(TA_2).certificate];
        if (what === 'unknown') list.splice(list.indexOf(one), 1);
      }
    const differences = await lab.call('vtaReadServiceDifferences', { host });
    expect(differences).toMatchObject([{ vCenter: workload.name, service: 'attestation' }]);
    expect(differences[0]?.what).toMatch(
      {
        address: /does not know the address ta-host-1.*it knows old\.lab\.example:443, where no/,
        authority: /none of the authorities vouches for/,
        unknown: /does not know the address ta-host-1\.lab\.example:443$/,
      }[what],
    );
    lab.fault({ kind: 'reply-lost', operation: 'attestation.services.create' });
    lab.fault({ kind: 'reply-lost', operation: 'attestation.services.delete' });
    await lab.call('vtaEnsureServicesKnown', { host, differences });
    expect(await lab.call('vtaReadServiceDifferences', { host })).toEqual([]);
    const own = workload.attestationServices.filter(({ address }) => address.hostname === TA_1);
    expect(own).toMatchObject([{ trustedCA: [lab.host(TA_1).certificate] }]);
    expect(cluster.trustServices.attestation.map(({ service }) => service)).toContain(own[0]?.service);
    expect(workload.attestationServices).toHaveLength(2);
    expect(cluster.trustServices.attestation).toHaveLength(2);
    const trusted = lab.host(HOST_1).appliedTrust.attestation.map(({ service }) => service);
    expect(trusted).toContain(own[0]?.service);
    await lab.call('vtaEnsureServicesKnown', { host, differences });
    expect(workload.attestationServices).toHaveLength(2);
  });

  it('gives a service back to who used it that was taken out, and not put in again before the worker died', async () => {
    await using lab = await startRecoveryLab();
    const host = lab.planned(TA_1);
    const workload = lab.simulator.world.vCenter('workload-vc');
    const [cluster] = workload.clusters;
    if (cluster === undefined) throw new Error('no cluster');
    // The only service that the vCenter knows of this Trust Authority Cluster.
    for (const list of [workload.attestationServices, cluster.trustServices.attestation]) {
      for (const one of list) if (one.address.hostname === TA_1) one.trustedCA = [lab.host(TA_2).certificate];
      list.splice(0, Infinity, ...list.filter(({ address }) => address.hostname === TA_1));
    }
    const differences = await lab.call('vtaReadServiceDifferences', { host });
    expect(differences).toMatchObject([{ service: 'attestation', usedBy: [cluster.moid] }]);
    for (const list of [workload.attestationServices, cluster.trustServices.attestation]) list.splice(0);
    expect(await lab.call('vtaReadServiceDifferences', { host })).toEqual([]);
    await lab.call('vtaEnsureServicesKnown', { host, differences });
    const [own] = workload.attestationServices;
    expect(own).toMatchObject({ address: { hostname: TA_1 }, trustedCA: [lab.host(TA_1).certificate] });
    expect(cluster.trustServices.attestation.map(({ service }) => service)).toEqual([own?.service]);
  });

  it('changes nothing that nobody has approved', async () => {
    await using lab = await startRecoveryLab();
    const workload = lab.simulator.world.vCenter('workload-vc');
    for (const one of workload.kmsServices)
      if (one.address.hostname === TA_1) one.trustedCA = [lab.host(TA_2).certificate];
    const differences = [{ vCenter: workload.name, id: '', service: 'attestation' as const, what: '' }];
    const said = await refusalOf(lab.call('vtaEnsureServicesKnown', { host: lab.planned(TA_1), differences }));
    expect(said).toMatch(/key provider service: .*That was not so when it was approved; it was not changed/);
  });
});
