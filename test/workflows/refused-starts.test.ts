import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DigestedPlan, Finding } from '../../src/model/plan';
import type { World } from '../../simulator/world/world';
import { hostsRequest, hostsSite, TA_1, TA_2 } from '../support/hosts-site';
import { failureOf } from '../support/people';
import { startRehearsal, type Rehearsal } from '../support/rehearsal';
import { lookAtWorld } from '../support/world-changes';
import { makeCertificate } from '../vsphere/support/certificates';
import { json, startRawServer } from '../vsphere/support/raw-server';

/*
 * What cannot be upgraded, end to end: by `planTrustAuthority` and by a start, with what the operator reads, and with
 * nothing changed on any vCenter.
 */
async function planned(lab: Rehearsal, request: unknown): Promise<DigestedPlan> {
  return (await lab.client.workflow.execute('planTrustAuthority', {
    workflowId: `plan-${randomUUID()}`,
    taskQueue: lab.taskQueue,
    args: [request],
  })) as DigestedPlan;
}

describe('an inventory that must not be upgraded', { timeout: 120_000 }, () => {
  let lab: Rehearsal;

  beforeAll(async () => {
    lab = await startRehearsal(hostsSite({ ta: 3, trusted: 2 }));
  });

  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  interface Case {
    what: string;
    /** Makes the world so; what it returns undoes it. */
    world?: (state: World['state']) => () => void;
    request?: Record<string, unknown>;
    /** A refusal among those that are told: its code, subject, sentence and way out. */
    told: { code: string; subject: RegExp; message: RegExp; remedy: RegExp };
  }

  function host(state: World['state'], name: string) {
    const found = state.hosts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }

  const CASES: Case[] = [
    {
      what: 'a host that is not connected',
      world: (state) => {
        host(state, TA_2).connectionState = 'disconnected';
        return () => void (host(state, TA_2).connectionState = 'connected');
      },
      told: {
        code: 'VTA_HOST_UNHEALTHY',
        subject: /ta-host-2/,
        message: /ta-host-2\.lab\.example is disconnected from/,
        remedy: /Reconnect it/,
      },
    },
    {
      what: 'two hosts in maintenance mode',
      world: (state) => {
        for (const name of [TA_1, TA_2]) host(state, name).inMaintenanceMode = true;
        return () => [TA_1, TA_2].forEach((name) => void (host(state, name).inMaintenanceMode = false));
      },
      told: {
        code: 'VTA_HOST_IN_MAINTENANCE_MODE',
        subject: /ta-host-1/,
        message: /is in maintenance mode and cannot go first/,
        remedy: /Take it out of maintenance mode/,
      },
    },
    {
      what: 'one healthy Trust Authority Host',
      world: (state) => {
        const away = state.hosts.filter(({ name }) => name.startsWith('ta-')).slice(1);
        for (const each of away) each.connectionState = 'notResponding';
        return () => away.forEach((each) => void (each.connectionState = 'connected'));
      },
      told: {
        code: 'VTA_TOO_FEW_TRUST_AUTHORITY_HOSTS',
        subject: /vTA Cluster/,
        message: /has 1 healthy of 3 Trust Authority Hosts/,
        remedy: /Bring at least two/,
      },
    },
    {
      what: 'a Trust Authority service that does not run',
      world: (state) => {
        const kmxd = host(state, TA_1).services.find(({ key }) => key === 'kmxd');
        if (kmxd === undefined) throw new Error('no kmxd');
        kmxd.running = false;
        return () => void (kmxd.running = true);
      },
      told: {
        code: 'VTA_HOST_UNHEALTHY',
        subject: /ta-host-1/,
        message: /Services that must run on host ta-host-1\.lab\.example do not: kmxd/,
        remedy: /Start them/,
      },
    },
    {
      what: 'a cluster that is managed by baselines',
      world: (state) => {
        const cluster = state.vCenters[1]?.clusters[0];
        if (cluster === undefined) throw new Error('no cluster');
        cluster.lifecycle.enabled = false;
        return () => void (cluster.lifecycle.enabled = true);
      },
      told: {
        code: 'VTA_CLUSTER_NOT_IMAGE_MANAGED',
        subject: /Trusted Cluster/,
        message: /baselines/,
        remedy: /image/,
      },
    },
    {
      what: 'two hosts that cannot be told apart',
      world: (state) => {
        const own = host(state, TA_2).hardwareUuid;
        host(state, TA_2).hardwareUuid = host(state, TA_1).hardwareUuid;
        return () => void (host(state, TA_2).hardwareUuid = own);
      },
      told: { code: 'VTA_HOST_AMBIGUOUS', subject: /host/, message: /ta-host-1.*ta-host-2/, remedy: /\w/ },
    },
    {
      what: 'an image that no depot holds',
      request: { target: { esxi: { baseImage: '8.0.3-0.0.99999999' } } },
      told: {
        code: 'VTA_TARGET_NOT_AVAILABLE',
        subject: /vcenter|vc\.|cluster/i,
        message: /8\.0\.3-0\.0\.99999999/,
        remedy: /\w/,
      },
    },
    {
      what: 'a target that has no Trust Authority any more',
      request: { target: { esxi: { baseImage: '9.0.0-0.0.24755229' } } },
      told: { code: 'VTA_TARGET_REMOVES_TRUST_AUTHORITY', subject: /\w/, message: /9\.0/, remedy: /\w/ },
    },
    {
      what: 'a target for a cluster that is not there',
      request: { target: { esxi: { 'Trusted Clutser': 'desired' } } },
      told: {
        code: 'VTA_CLUSTER_NOT_FOUND',
        subject: /Trusted Clutser/,
        message: /Trusted Clutser/,
        remedy: /Write "Trusted Cluster" if that was meant/,
      },
    },
  ];

  it.each(CASES)('$what', async ({ world, request = {}, told }) => {
    const undo = world?.(lab.simulator.world.state);
    try {
      const before = lookAtWorld(lab.simulator);
      const asked = hostsRequest(lab.infrastructure, request);
      const plan = await planned(lab, asked);
      const refusals: Finding[] = plan.kind === 'refused' ? plan.refusals : [];
      expect(refusals, JSON.stringify(refusals, undefined, 1)).toContainEqual({
        code: told.code,
        subject: expect.stringMatching(told.subject),
        message: expect.stringMatching(told.message),
        remedy: expect.stringMatching(told.remedy),
      });
      const run = await lab.start(asked);
      const said = await failureOf(run.result());
      expect(said).toMatch(/^VTA_PLAN_REFUSED: Nothing was changed\. The upgrade is refused: /);
      expect(said).toContain(`[${told.code}] `);
      expect(before.changes()).toEqual([]);
    } finally {
      undo?.();
    }
  });

  it('a cluster of the infrastructure file that the vCenter does not have', async () => {
    await using other = await startRehearsal(hostsSite(), ({ trusted }) => {
      trusted[0].clusters = ['Trusted Clutser'];
    });
    const before = lookAtWorld(other.simulator);
    const says =
      /^VTA_CLUSTER_NOT_FOUND: Nothing was changed\. workload-vc\.lab\.example has no cluster named "Trusted Clutser"\. Give the cluster's name as the vSphere Client shows it/;
    expect(await failureOf(planned(other, hostsRequest(other.infrastructure)))).toMatch(says);
    expect(await failureOf((await other.start(hostsRequest(other.infrastructure))).result())).toMatch(says);
    expect(before.changes()).toEqual([]);
  });
});

describe.concurrent('a vCenter that cannot be trusted', { timeout: 120_000 }, () => {
  const ca = makeCertificate({ ca: true, name: 'test CA' });
  const directory = mkdtempSync(join(tmpdir(), 'vta-refused-'));
  const caFile = join(directory, 'test-ca.pem');
  const wrongPassword = join(directory, 'wrong-password');
  writeFileSync(caFile, ca.cert);
  writeFileSync(wrongPassword, 'not-the-password', { mode: 0o600 });
  afterAll(() => rmSync(directory, { recursive: true }));

  type Edit = NonNullable<Parameters<typeof startRehearsal>[1]>;

  /** Plans and starts with an infrastructure file that is edited; both must say the same. */
  async function refusedWith(edit: Edit): Promise<string> {
    await using lab = await startRehearsal(hostsSite(), edit);
    const before = lookAtWorld(lab.simulator);
    const request = hostsRequest(lab.infrastructure);
    const said = await failureOf(planned(lab, request));
    expect(await failureOf((await lab.start(request)).result())).toBe(said);
    expect(before.changes()).toEqual([]);
    return said;
  }

  it('its certificate is of another CA', async () => {
    const said = await refusedWith(({ trustAuthority }) => {
      trustAuthority.vCenter.tls = { caFile };
    });
    expect(said).toMatch(
      /^VTA_TLS_NOT_TRUSTED: Nothing was changed\. .*signed by an authority that is not trusted here/,
    );
    expect(said).toMatch(/give the CA file of this server .*or pin its SHA-256 thumbprint/);
  });

  it('its thumbprint is another one', async () => {
    const said = await refusedWith(({ trusted }) => {
      trusted[0].vCenter.tls = { thumbprint: Array.from({ length: 32 }, () => 'AB').join(':') };
    });
    expect(said).toMatch(
      /^VTA_TLS_NOT_TRUSTED: Nothing was changed\. .*presents a certificate with the SHA-256 thumbprint/,
    );
    expect(said).toMatch(/expected AB:AB:.*verify the new thumbprint at the server itself/);
  });

  it.each([
    ['has expired', { issuer: ca, notAfter: new Date(Date.now() - 60_000) }, /is not valid now .*renew it/],
    [
      'is for another name',
      { issuer: ca, dns: ['vc.example.com'], ip: [] },
      /is for other names .*use the name in the/,
    ],
    ['is self-signed', {}, /signed by an authority that is not trusted here .*pin its SHA-256 thumbprint/],
  ])('its certificate %s; it is told no password', async (_what, certificate, says) => {
    await using server = await startRawServer((socket) => socket.write(json(201, 't')), makeCertificate(certificate));
    const said = await refusedWith(({ trustAuthority }) => {
      trustAuthority.vCenter.url = `https://127.0.0.1:${server.port}`;
      trustAuthority.vCenter.tls = { caFile };
    });
    expect(said).toMatch(/^VTA_TLS_NOT_TRUSTED: Nothing was changed\. /);
    expect(said).toMatch(says);
    expect(said).toContain(`127.0.0.1:${server.port}`);
    expect(server.received()).toBe('');
  });

  it('the password is wrong', async () => {
    const said = await refusedWith(({ trusted }) => {
      trusted[0].vCenter.password = `file:${wrongPassword}`;
    });
    expect(said).toMatch(/^VTA_CREDENTIALS_REJECTED: Nothing was changed\. /);
    expect(said).not.toContain('not-the-password');
  });

  it('the password is not where the file says', async () => {
    const said = await refusedWith(({ trustAuthority }) => {
      trustAuthority.vCenter.password = 'env:VTA_TEST_NO_SUCH_VARIABLE';
    });
    expect(said).toMatch(/^VTA_SECRET_UNRESOLVED: Nothing was changed\. .*VTA_TEST_NO_SUCH_VARIABLE/);
  });
});
