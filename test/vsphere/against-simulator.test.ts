import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiFault } from '../../src/vsphere/errors';
import type { VCenter } from '../../src/vsphere/vcenter';
import { only, startSimulatedSite, type SimulatedSite } from './support/simulated-site';

const OLD = '8.0.2-0.0.22380479';
const NEW = '8.0.3-0.0.24674464';

let site: SimulatedSite;
beforeAll(async () => {
  site = await startSimulatedSite('smallest');
});
afterAll(() => site[Symbol.asyncDispose]());

const clusterOf = async (vCenter: VCenter): Promise<string> => only(await vCenter.inventory.clusters()).cluster;

describe('the vCenter of a Trust Authority Cluster', () => {
  it('knows cluster, services and hosts', async () => {
    const { authority, done } = site;
    const cluster = await clusterOf(authority);
    expect(await authority.trustAuthority.clusters()).toContainEqual({ cluster, state: 'ENABLE' });
    expect((await authority.trustAuthority.cluster(cluster)).state).toBe('ENABLE');
    expect((await done(authority, authority.trustAuthority.attestationStatus(cluster))).health).toBe('OK');
    expect((await done(authority, authority.trustAuthority.keyProviderStatus(cluster))).health).toBe('OK');
    const hosts = (await authority.inventory.hosts({ clusters: [cluster] })).map(({ host }) => host).sort();
    expect(hosts).toHaveLength(2);
    for (const list of ['attestationHosts', 'keyProviderHosts'] as const) {
      expect((await authority.trustAuthority[list](cluster)).map(({ host }) => host).sort()).toEqual(hosts);
    }
    const one = hosts[0] ?? '';
    expect((await authority.trustAuthority.attestationHost(one)).trusted_CA.cert_chain[0]).toMatch(/BEGIN CERTIFICATE/);
    expect((await authority.trustAuthority.keyProviderHost(one)).host).toBe(one);
  });

  it('gives everything that a configuration backup needs', async () => {
    const { authority, done } = site;
    const cluster = await clusterOf(authority);
    const vta = authority.vtaConfiguration;
    const { provider } = only(await done(authority, vta.keyProviders(cluster)));
    const details = await done(authority, vta.keyProvider(cluster, provider));
    expect(details.key_server.kmip_server?.username).toBe('kmip-user');
    expect(details.status.servers.map(({ health }) => health)).toEqual(['OK']);
    expect((await done(authority, vta.clientCertificate(cluster, provider))).certificate).toMatch(/BEGIN CERT/);
    expect((await done(authority, vta.trustedPeers(cluster, provider))).certificates).not.toEqual([]);
    expect(only(await done(authority, vta.currentPeers(cluster, provider))).trusted).toBe(true);
    expect((await done(authority, vta.tpm2Settings(cluster))).health).toBe('OK');
    for (const { name } of await done(authority, vta.caCertificates(cluster))) {
      expect((await done(authority, vta.caCertificate(cluster, name))).cert_chain.cert_chain).not.toEqual([]);
    }
    for (const { name } of await done(authority, vta.endorsementKeys(cluster))) {
      expect((await done(authority, vta.endorsementKey(cluster, name))).public_key).toMatch(/BEGIN PUBLIC KEY/);
    }
    const principal = only(await done(authority, vta.consumerPrincipals(cluster)));
    expect((await done(authority, vta.consumerPrincipal(cluster, principal.id))).health).toBe('OK');
    expect((await site.workload.trustedClusters.principal()).issuer).toBe(principal.issuer);
  });

  it('has its old base image, and refuses it a second time', async () => {
    const { authority, done } = site;
    const cluster = await clusterOf(authority);
    const image = only(await done(authority, authority.baseImages.list(cluster)));
    expect(image.health).toBe('OK');
    expect((await done(authority, authority.baseImages.get(cluster, image.version))).display_name).toBe(
      image.display_name,
    );
    const { bytes, sha256 } = await site.esxi(only(await site.workload.inventory.hosts()).name).imageDatabase();
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    await expect(done(authority, authority.baseImages.importFromImgdb(cluster, bytes))).rejects.toMatchObject({
      errorType: 'ALREADY_EXISTS',
    });
    await expect(done(authority, authority.baseImages.get(cluster, 'no/such image'))).rejects.toMatchObject({
      errorType: 'NOT_FOUND',
    });
  });
});

describe('the appliance', () => {
  it('takes a backup', async () => {
    const { backup } = site.authority;
    const parts = (await backup.parts()).map(({ id }) => id);
    const request = {
      parts,
      location_type: 'SFTP',
      location: 'sftp://backup.lab.example/ta-vc',
      location_user: 'backup',
      location_password: 'x',
    } as const;
    expect((await backup.validate(request)).status).toBe('OK');
    const job = await backup.createJob(request);
    expect((await backup.jobDetails())[job.id]).toMatchObject({ user: expect.stringMatching(/administrator/i) });
    let { state } = job;
    for (let looks = 0; state === 'INPROGRESS' && looks < 100; looks++) {
      await delay(100);
      ({ state } = await backup.job(job.id));
    }
    expect(state).toBe('SUCCEEDED');
  });

  it.each(['authority', 'workload'] as const)(
    'of the %s patches itself, through the reboot and the loss of the session',
    async (which) => {
      const { appliance, update } = site[which];
      const before = await appliance.version();
      expect(await appliance.health()).toBe('green');
      expect(await appliance.uptimeSeconds()).toBeGreaterThanOrEqual(0);
      const { version } = only(await update.pending('LOCAL'));
      expect((await update.details(version)).staged).toBe(false);
      const { questions } = await update.precheck(version);
      const answers = Object.fromEntries(questions.map(({ data_item }) => [data_item, site.simulator.ready.password]));
      const wrong = Object.fromEntries(questions.map(({ data_item }) => [data_item, 'wrong']));
      expect((await update.validate(version, wrong)).errors?.length).toBe(questions.length);
      await expect(update.staged()).rejects.toMatchObject({ errorType: 'NOT_ALLOWED_IN_CURRENT_STATE' });
      await expect(update.cancel()).rejects.toBeInstanceOf(ApiFault);
      await update.stage(version);
      for (let looks = 0; (await update.state()).state === 'STAGE_IN_PROGRESS' && looks < 100; looks++)
        await delay(100);
      expect(await update.staged()).toMatchObject({ version, staging_complete: true });
      await update.removeStaged();
      await update.stage(version);
      for (let looks = 0; (await update.state()).state === 'STAGE_IN_PROGRESS' && looks < 100; looks++)
        await delay(100);
      expect((await update.validate(version, answers)).errors ?? []).toEqual([]);
      await update.install(version, answers);
      let running = before.version;
      for (let looks = 0; running !== version && looks < 200; looks++) {
        await delay(100);
        running = await appliance.version().then(
          (read) => read.version,
          () => running,
        );
      }
      expect(running).toBe(version);
    },
  );
});

describe('a workload vCenter', () => {
  it('knows what its Trusted Cluster uses', async () => {
    const { workload, done } = site;
    const cluster = await clusterOf(workload);
    expect((await done(workload, workload.trustedClusters.appliedConfig(cluster))).health).toBe('OK');
    expect(await workload.trustedClusters.attestationServices(cluster)).toHaveLength(2);
    expect(await workload.trustedClusters.keyProviderServices(cluster)).toHaveLength(2);
  });

  it('lists inventory, depot and installed components', async () => {
    const { workload } = site;
    const host = only(await workload.inventory.hosts({ connection_states: ['CONNECTED'] }));
    expect(host.name).toMatch(/^host-1/);
    expect(await workload.inventory.hosts({ names: ['nobody'] })).toEqual([]);
    expect(await workload.inventory.vmsOfHost(host.host)).toBeInstanceOf(Array);
    expect((await workload.depot.baseImages()).map(({ version }) => version)).toEqual(
      expect.arrayContaining([OLD, NEW]),
    );
    expect(await workload.depot.addOns()).toBeInstanceOf(Array);
    expect(await workload.depot.components()).toBeInstanceOf(Array);
    expect(Object.keys(await workload.installedComponents.get(host.host)).length).toBeGreaterThan(0);
  });

  it('changes one field of a policy and leaves the others', async () => {
    const { workload } = site;
    const cluster = await clusterOf(workload);
    const before = await workload.applyPolicies.configured(cluster);
    await workload.applyPolicies.put(before, { enable_quick_boot: false, disable_hac: true });
    const between = await workload.applyPolicies.configured(cluster);
    expect(between.policy).toEqual({ ...before.policy, enable_quick_boot: false, disable_hac: true });
    expect((await workload.applyPolicies.effective(cluster)).enable_quick_boot).toBe(false);
    await workload.applyPolicies.put(before);
    expect(await workload.applyPolicies.configured(cluster)).toEqual(before);
  });

  it('upgrades its host by a new desired image', async () => {
    const { workload, authority, done } = site;
    const cluster = await clusterOf(workload);
    const { host, name } = only(await workload.inventory.hosts());
    expect(await workload.lifecycle.isImageManaged(cluster)).toBe(true);
    expect((await workload.lifecycle.software(cluster)).base_image.version).toBe(OLD);

    const draft = await workload.drafts.create(cluster);
    await expect(workload.drafts.create(cluster)).rejects.toMatchObject({ errorType: 'ALREADY_EXISTS' });
    expect(Object.keys(await workload.drafts.list(cluster))).toEqual([draft]);
    await workload.drafts.setBaseImage(cluster, draft, NEW);
    await workload.drafts.changeComponents(cluster, draft, { components_to_delete: [] });
    expect((await workload.drafts.get(cluster, draft)).software.base_image.version).toBe(NEW);
    expect((await done(workload, workload.drafts.validate(cluster, draft))).notifications.errors ?? []).toEqual([]);
    const commit = await done(workload, workload.drafts.commit(cluster, draft, 'test'));
    expect(await workload.lifecycle.commit(cluster, commit)).toMatchObject({ apply_status: 'NOT_APPLIED' });
    await expect(workload.drafts.get(cluster, draft)).rejects.toMatchObject({ errorType: 'NOT_FOUND' });

    const compliance = await done(workload, workload.lifecycle.scan(cluster));
    expect(compliance).toMatchObject({ status: 'NON_COMPLIANT', commit, non_compliant_hosts: [host] });
    const selection = { commit, hosts: [host] } as const;
    expect((await done(workload, workload.lifecycle.check(cluster, selection))).status).toBe('OK');
    expect((await done(workload, workload.lifecycle.stage(cluster, selection))).successful_hosts).toEqual([host]);
    const apply = await workload.lifecycle.apply(cluster, selection);
    const mine = await workload.tasks.list({ tasks: [apply.id] });
    expect(mine[apply.id]).toMatchObject({
      operation: expect.stringMatching(/apply/) as string,
      target: { id: cluster },
    });
    expect((await done(workload, Promise.resolve(apply))).successful_hosts).toEqual([host]);
    await expect(workload.tasks.cancel(apply.id)).rejects.toBeInstanceOf(ApiFault);
    expect((await workload.tasks.look(apply.id)).kind).toBe('succeeded');
    expect(await workload.lifecycle.lastApplyResult(cluster)).toMatchObject({
      commit,
      successful_hosts: [host],
      failed_hosts: [],
      host_status: { [host]: { status: 'OK' } },
    });
    expect((await done(workload, workload.lifecycle.scan(cluster))).compliant_hosts).toEqual([host]);
    expect((await workload.lifecycle.compliance(cluster)).hosts[host]?.base_image?.current?.version).toBe(NEW);

    const { bytes } = await site.esxi(name).imageDatabase();
    const ta = await clusterOf(authority);
    const version = await done(authority, authority.baseImages.importFromImgdb(ta, bytes));
    const versions = (await done(authority, authority.baseImages.list(ta))).map((image) => image.version);
    expect(versions).toContain(version);
    const old = versions.find((each) => each !== version) ?? '';
    await done(authority, authority.baseImages.remove(ta, old));
    expect((await done(authority, authority.baseImages.list(ta))).map((image) => image.version)).toEqual([version]);
  });

  it('throws a draft with an unknown add-on away', async () => {
    const { workload, done } = site;
    const cluster = await clusterOf(workload);
    const draft = await workload.drafts.create(cluster);
    await workload.drafts.setAddOn(cluster, draft, { name: 'nobody', version: '1' });
    expect((await workload.drafts.get(cluster, draft)).software.add_on).toMatchObject({ name: 'nobody', version: '1' });
    const { notifications } = await done(workload, workload.drafts.validate(cluster, draft));
    expect(notifications.errors?.[0]?.message.text).toMatch(/nobody/);
    await workload.drafts.removeAddOn(cluster, draft);
    expect((await workload.drafts.get(cluster, draft)).software).not.toHaveProperty('add_on');
    await workload.drafts.remove(cluster, draft);
    expect(await workload.drafts.list(cluster)).toEqual({});
  });
});
