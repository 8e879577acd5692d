import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { OPERATIONS } from '../../../simulator/api/rest/operation';
import { ROUTES } from '../../../simulator/api/rest/routes';
import { vCenterComesBack, vCenterGoesDown } from '../../../simulator/world/vcenter-availability';
import { RestCaller } from '../lifecycle/support/rest-caller';
import { startTrustLab, until } from '../trust-lab';

const HOSTS = '/vcenter/trusted-infrastructure/trust-authority-hosts';

describe('the REST endpoint', () => {
  it('has a route for every operation of the vTA, session and task documents', () => {
    const routed = new Set(ROUTES.map((route) => route.operation.key));
    const wanted = [...OPERATIONS.keys()].filter(
      (key) => key.startsWith('com.vmware.vcenter.trusted_infrastructure.') || key.startsWith('com.vmware.cis.'),
    );
    expect(wanted).toHaveLength(81);
    expect(wanted.filter((key) => !routed.has(key))).toEqual([]);
  });

  it('an unknown route is OPERATION_NOT_FOUND, and logged as nobody’s operation', async () => {
    await using lab = await startTrustLab();
    expect(await lab.authority.refused('GET', '/vcenter/no-such-thing')).toBe('404 OPERATION_NOT_FOUND');
    // The task form of an operation that has none, and the plain form of one that is a task.
    expect(await lab.authority.refused('GET', `${lab.tac}/attestation/service-status`)).toBe('404 OPERATION_NOT_FOUND');
    expect(await lab.authority.refused('POST', `${HOSTS}/kms`)).toBe('404 OPERATION_NOT_FOUND');
    expect(lab.simulator.requests.all().filter((request) => request.operation === null)).toHaveLength(3);
  });

  it.each([
    ['a wrong kind', { state: 7 }, '400 INVALID_ARGUMENT'],
    ['an unknown enum value', { state: 'ENABLED' }, '400 INVALID_ARGUMENT'],
    ['an unknown field', { state: 'ENABLE', force: true }, '400 UNEXPECTED_INPUT'],
    ['no object', 'ENABLE', '400 INVALID_ARGUMENT'],
  ])('refuses a body with %s', async (_what, body, answer) => {
    await using lab = await startTrustLab();
    expect(await lab.authority.refused('PATCH', `${lab.tac}?vmw-task=true`, body)).toBe(answer);
  });

  it('refuses query parameters that the operation does not have, or that are no value of it', async () => {
    await using lab = await startTrustLab();
    const list = '/vcenter/trusted-infrastructure/trust-authority-clusters';
    expect(await lab.authority.refused('GET', `${list}?state=ON`)).toBe('400 INVALID_ARGUMENT');
    expect(await lab.authority.refused('GET', `${list}?states=ENABLE`)).toBe('400 UNEXPECTED_INPUT');
    expect((await lab.authority.call('GET', `${list}?state=ENABLE&state=DISABLE`)).body).toHaveLength(1);
  });

  it('takes null for an unset body and {} with a GET, as VMware’s runtime sends them', async () => {
    await using lab = await startTrustLab();
    expect((await lab.authority.call('POST', `${HOSTS}/attestation`, null)).status).toBe(200);
    expect(
      (await lab.authority.call('GET', '/vcenter/trusted-infrastructure/trust-authority-clusters', {})).status,
    ).toBe(200);
  });

  it('gives each projection the fields of its union and no others', async () => {
    await using lab = await startTrustLab();
    const fields = async (projection: string) => {
      const rows = (await lab.authority.call('POST', `${HOSTS}/attestation?projection=${projection}`)).body as object[];
      return Object.keys(rows[0] ?? {}).sort();
    };
    expect(await fields('BRIEF')).toEqual(['address', 'host', 'summary_type']);
    expect(await fields('NORMAL')).toEqual(['address', 'cluster', 'group', 'host', 'summary_type']);
    expect(await fields('FULL')).toEqual(['address', 'cluster', 'group', 'host', 'summary_type', 'trusted_CA']);
  });

  it('a Trust Authority Host that cannot be reached is RESOURCE_INACCESSIBLE, one without service ERROR', async () => {
    await using lab = await startTrustLab();
    const path = `${HOSTS}/${lab.host('ta-1').moid}/attestation/`;
    expect(await lab.authority.get(path)).toMatchObject({ host: lab.host('ta-1').moid });
    for (const service of lab.host('ta-1').services) if (service.key === 'attestd') service.running = false;
    expect(await lab.authority.refused('GET', path)).toBe('500 ERROR');
    lab.host('ta-1').up = false;
    expect(await lab.authority.refused('GET', path)).toBe('500 RESOURCE_INACCESSIBLE');
  });
});

describe('sessions', () => {
  it('end after a time without requests, and at logout', async () => {
    await using lab = await startTrustLab();
    const { durations } = lab.simulator.world.settings;
    expect((await lab.authority.call('GET', '/session')).status).toBe(200);
    durations.sessionIdle = -1;
    expect(await lab.authority.refused('GET', '/session')).toBe('401 UNAUTHENTICATED');

    durations.sessionIdle = 60_000;
    await lab.authority.open();
    expect((await lab.authority.call('DELETE', '/session')).status).toBe(204);
    expect(await lab.authority.refused('GET', '/session')).toBe('401 UNAUTHENTICATED');
  });

  it('an appliance that restarts cuts connections, then answers 503, then wants a new login', async () => {
    await using lab = await startTrustLab();
    const { world } = lab.simulator;
    world.settings.durations.applianceSettle = 2_000;
    vCenterGoesDown(world, lab.authorityVCenter, 'test');
    await expect(lab.authority.call('GET', '/session')).rejects.toThrow();
    const back = vCenterComesBack(world, lab.authorityVCenter);
    expect(await lab.authority.refused('GET', '/session')).toBe('503 SERVICE_UNAVAILABLE');
    await back;
    expect(await lab.authority.refused('GET', '/session')).toBe('401 UNAUTHENTICATED');
    await lab.authority.open();
    expect((await lab.authority.call('GET', '/session')).status).toBe(200);
  });

  it('a token of one vCenter is worth nothing at another', async () => {
    await using lab = await startTrustLab();
    const { ready } = lab.simulator;
    const elsewhere = new RestCaller(ready.trusted[0]?.vCenter ?? '', readFileSync(ready.caFile, 'utf8'), {
      username: ready.username,
      password: 'wrong',
    });
    await expect(elsewhere.open()).rejects.toThrow('401');
    expect(lab.events('login-failed')).toMatchObject([{ vCenter: 'workload-vc' }]);
  });

  it('a user without the privilege is UNAUTHORIZED, and told which', async () => {
    await using lab = await startTrustLab();
    const { ready, world } = lab.simulator;
    world.vCenter('ta-vc').users.push({
      name: 'reader@vsphere.local',
      password: 'reader',
      groups: [],
      privileges: ['TrustedAdmin.ReadTrustedHosts'],
      applianceRole: 'none',
    });
    const reader = new RestCaller(ready.trustAuthority.vCenter, readFileSync(ready.caFile, 'utf8'), {
      username: 'reader@vsphere.local',
      password: 'reader',
    });
    await reader.open();
    expect((await reader.call('GET', '/vcenter/trusted-infrastructure/trust-authority-clusters')).status).toBe(200);
    const refused = await reader.call('GET', `${lab.tac}/attestation/os/esx/base-images?vmw-task=true`);
    expect(refused).toMatchObject({
      status: 403,
      body: { messages: [{ default_message: 'Missing privilege: TrustedAdmin.RetrieveHostMetadata.' }] },
    });
  });
});

describe('CIS tasks', () => {
  it('tell service, operation, times and progress, and their result only when asked for', async () => {
    await using lab = await startTrustLab();
    const id = await lab.authority.start('GET', `${lab.tac}/attestation/os/esx/base-images?vmw-task=true`);
    expect(id).toMatch(/^[0-9a-f-]{36}:com\.vmware\..*\.base_images$/);
    const info = await lab.authority.ended(id);
    expect(info).toMatchObject({
      operation: 'list$task',
      user: 'administrator@vsphere.local',
      progress: { total: 100, completed: 100 },
      result: [{}],
    });
    const path = `/cis/tasks/${encodeURIComponent(id)}`;
    expect(await lab.authority.get(`${path}?exclude_result=true`)).not.toHaveProperty('result');
    expect(await lab.workload.refused('GET', path)).toBe('404 NOT_FOUND');
  });

  it('while queued a task has neither times nor progress', async () => {
    await using lab = await startTrustLab({ durations: { taskQueued: 200 } });
    const id = await lab.authority.start('GET', `${lab.tac}/kms/service-status?vmw-task=true`);
    const info = await lab.authority.get(`/cis/tasks/${encodeURIComponent(id)}`);
    expect(info).toMatchObject({ status: 'PENDING' });
    for (const field of ['progress', 'start_time', 'end_time', 'result', 'error'])
      expect(info).not.toHaveProperty(field);
  });

  it('are listed by service, status and user', async () => {
    await using lab = await startTrustLab();
    const id = await lab.authority.start('GET', `${lab.tac}/kms/service-status?vmw-task=true`);
    await lab.authority.task('GET', `${lab.tac}/attestation/service-status?vmw-task=true`);
    const list = async (filter_spec: object) =>
      Object.keys((await lab.authority.call('POST', '/cis/tasks?action=list', { filter_spec })).body as object);
    expect(await list({ services: [id.split(':')[1]] })).toEqual([id]);
    expect(await list({ status: ['RUNNING', 'PENDING'] })).toEqual([]);
    expect(await list({ users: ['nobody'] })).toEqual([]);
    expect(await list({})).toHaveLength(2);
  });

  it('that ended, or cannot be cancelled, say so', async () => {
    await using lab = await startTrustLab({ durations: { taskWork: 300 } });
    const id = await lab.authority.start('GET', `${lab.tac}/kms/service-status?vmw-task=true`);
    const cancel = `/cis/tasks/${encodeURIComponent(id)}?action=cancel`;
    expect(await lab.authority.refused('POST', cancel)).toBe('400 UNSUPPORTED');
    await lab.authority.ended(id);
    expect(await lab.authority.refused('POST', cancel)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
  });

  it('errors show at submit or in the task, as the scenario says', async () => {
    for (const errorsAt of ['submit', 'task'] as const) {
      await using lab = await startTrustLab({ switches: { errorsAt } });
      const reply = await lab.authority.call('GET', `${lab.tac}/kms/providers/none?vmw-task=true`);
      expect(reply.status).toBe(errorsAt === 'submit' ? 404 : 202);
      if (errorsAt === 'task') {
        expect((await lab.authority.ended(reply.body as string)).error?.error_type).toBe('NOT_FOUND');
      }
    }
  });

  it('are gone after the appliance restarted, unless the scenario says otherwise', async () => {
    for (const tasksSurviveReboot of [false, true]) {
      await using lab = await startTrustLab({ switches: { tasksSurviveReboot } });
      const id = await lab.authority.start('GET', `${lab.tac}/kms/service-status?vmw-task=true`);
      vCenterGoesDown(lab.simulator.world, lab.authorityVCenter, 'test');
      await vCenterComesBack(lab.simulator.world, lab.authorityVCenter);
      await until(() => lab.authorityVCenter.availability === 'up', 'up');
      await lab.authority.open();
      const reply = await lab.authority.call('GET', `/cis/tasks/${encodeURIComponent(id)}`);
      expect(reply.status).toBe(tasksSurviveReboot ? 200 : 404);
    }
  });
});
