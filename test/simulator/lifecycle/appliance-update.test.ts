import { describe, expect, it } from 'vitest';

import { startLab, type Lab } from './support/lab';

const BEFORE = '8.0.2.00100';
const UPDATE = '8.0.3.00500';
const PENDING = `/appliance/update/pending/${UPDATE}`;

/** Answers to the update's questions, as the pre-check asks them. */
const answers = ({ simulator }: Lab) => ({ user_data: { 'vmdir.password': simulator.ready.password } });

const status = (lab: Lab) => lab.authority.get<{ state: string; version: string }>('/appliance/update');

async function staged(lab: Lab): Promise<void> {
  expect((await lab.authority.call('POST', `${PENDING}?action=stage`)).status).toBe(204);
  await expect.poll(async () => (await status(lab)).state, { interval: 10 }).not.toBe('STAGE_IN_PROGRESS');
}

/** What a connection that is refused or cut tells; other failures are none of its business. */
function unreachable(thrown: unknown): string {
  const { code } = thrown as { code?: string };
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'unreachable';
  throw thrown;
}

/** Waits until the appliance answers a new session. */
async function back(lab: Lab): Promise<void> {
  await expect
    .poll(
      () =>
        lab.authority.open().then(
          () => true,
          () => false,
        ),
      { interval: 20, timeout: 5_000 },
    )
    .toBe(true);
}

describe('updates of the appliance', () => {
  it('lists what is pending only for a source', async () => {
    await using lab = await startLab();
    const { authority } = lab;
    expect(await authority.refused('GET', '/appliance/update/pending')).toBe('400 INVALID_ARGUMENT');
    const rows = await authority.get<{ version: string }[]>('/appliance/update/pending?source_type=LOCAL');
    expect(rows.map((row) => row.version)).toEqual([UPDATE]);
    expect(await authority.get(PENDING)).toMatchObject({ staged: false });
    expect(await authority.refused('GET', '/appliance/update/pending/8.0.3.99999')).toBe('404 NOT_FOUND');
    expect(await authority.refused('GET', `/appliance/update/pending/${BEFORE}`)).toBe('400 ALREADY_IN_DESIRED_STATE');
  });

  it('asks for a password before it installs, and checks it', async () => {
    await using lab = await startLab();
    const precheck = await lab.authority.call('POST', `${PENDING}?action=precheck`);
    expect(precheck).toMatchObject({
      status: 200,
      body: { reboot_required: true, questions: [{ data_item: 'vmdir.password', type: 'PASSWORD' }] },
    });
    const good = await lab.authority.call('POST', `${PENDING}?action=validate`, answers(lab));
    expect(good.body).toEqual({});
    const wrong = { user_data: { 'vmdir.password': 'wrong' } };
    const bad = await lab.authority.call('POST', `${PENDING}?action=validate`, wrong);
    expect((bad.body as { errors: unknown[] }).errors).toHaveLength(1);
    await staged(lab);
    expect(await lab.authority.refused('POST', `${PENDING}?action=install`, wrong)).toBe('500 ERROR');
    expect((await status(lab)).state).toBe('UPDATES_PENDING');
  });

  it('installs only what is staged', async () => {
    await using lab = await startLab({ durations: { applianceStage: 800 } });
    const { authority } = lab;
    expect(await authority.refused('POST', `${PENDING}?action=install`, answers(lab))).toBe(
      '400 NOT_ALLOWED_IN_CURRENT_STATE',
    );
    expect(await authority.refused('GET', '/appliance/update/staged')).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    expect((await authority.call('POST', `${PENDING}?action=stage`)).status).toBe(204);
    expect(await status(lab)).toMatchObject({
      state: 'STAGE_IN_PROGRESS',
      version: UPDATE,
      task: { status: 'RUNNING' },
    });
    expect(await authority.refused('POST', `${PENDING}?action=install`, answers(lab))).toBe(
      '400 NOT_ALLOWED_IN_CURRENT_STATE',
    );
    await expect.poll(async () => (await status(lab)).state, { interval: 10 }).toBe('UPDATES_PENDING');
    expect(await status(lab)).toMatchObject({ version: UPDATE });
    expect(await authority.get('/appliance/update/staged')).toMatchObject({ version: UPDATE, staging_complete: true });
    expect(await authority.refused('POST', `${PENDING}?action=stage`)).toBe('400 ALREADY_EXISTS');
    expect((await authority.call('DELETE', '/appliance/update/staged')).status).toBe(204);
    expect(await authority.refused('GET', '/appliance/update/staged')).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
  });

  it('names the staged version, not the newest one', async () => {
    await using lab = await startLab();
    const { appliance } = lab.simulator.world.vCenter('ta-vc');
    const [update] = appliance.pending;
    if (!update) throw new Error('no update');
    appliance.pending.push({ ...update, version: '8.0.3.00600', build: '24853646' });
    expect(await status(lab)).toMatchObject({ state: 'UPDATES_PENDING', version: '8.0.3.00600' });
    await staged(lab);
    expect(await status(lab)).toMatchObject({ state: 'UPDATES_PENDING', version: UPDATE });
  });

  it('restarts its services for an update that needs no reboot: sessions end, connections do not', async () => {
    await using lab = await startLab();
    const { events } = lab.simulator.world;
    const vCenter = lab.simulator.world.vCenter('ta-vc');
    for (const update of vCenter.appliance.pending) update.rebootRequired = false;
    await lab.authority.call('POST', `${PENDING}?action=stage-and-install`, answers(lab));
    await expect.poll(() => events.all().at(-1)?.what, { timeout: 5_000 }).toBe('vcenter-back');
    expect(events.all().some((event) => event.what === 'vcenter-unreachable')).toBe(false);
    expect(await lab.authority.refused('GET', '/appliance/update')).toBe('401 UNAUTHENTICATED');
    expect(vCenter.version).toBe(UPDATE);
  });

  it('can be cancelled while it is staged, not at rest', async () => {
    await using lab = await startLab({ durations: { applianceStage: 500 } });
    const { authority } = lab;
    expect(await authority.refused('POST', '/appliance/update?action=cancel')).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    await authority.call('POST', `${PENDING}?action=stage`);
    expect((await authority.call('POST', '/appliance/update?action=cancel')).status).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, lab.simulator.world.settings.durations.applianceStage * 2));
    expect(await authority.refused('GET', '/appliance/update/staged')).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
  });

  it('ends sessions, goes away, and is back with the new version', async () => {
    await using lab = await startLab({ durations: { applianceInstall: 500, applianceReboot: 500 } });
    const { authority } = lab;
    await staged(lab);
    expect((await authority.call('POST', `${PENDING}?action=install`, answers(lab))).status).toBe(204);
    expect(await status(lab)).toMatchObject({ state: 'INSTALL_IN_PROGRESS', version: UPDATE });
    expect(await authority.get('/appliance/system/version')).toMatchObject({ version: BEFORE });
    const answer = () => authority.call('GET', '/appliance/update').then((reply) => reply.status, unreachable);
    await expect.poll(answer, { interval: 5, timeout: 5_000 }).toBe('unreachable');
    // The session is gone with the appliance.
    await expect.poll(answer, { interval: 20, timeout: 5_000 }).toBe(401);
    await authority.open();
    expect(await authority.get('/appliance/system/version')).toMatchObject({ version: UPDATE, build: '24674346' });
    expect(await status(lab)).toMatchObject({ state: 'UP_TO_DATE', version: UPDATE });
    expect(await authority.get('/appliance/update/pending?source_type=LOCAL')).toEqual([]);
    expect(await authority.get<number>('/appliance/system/uptime')).toBeLessThan(10);
    expect(await lab.authority.refused('GET', PENDING)).toBe('400 ALREADY_IN_DESIRED_STATE');
  });

  it('stays up when the installation fails, and can be rolled back', async () => {
    await using lab = await startLab({ faults: [{ kind: 'update-fails', vCenter: 'ta-vc' }] });
    const { authority } = lab;
    await authority.call('POST', `${PENDING}?action=stage-and-install`, answers(lab));
    await expect.poll(async () => (await status(lab)).state, { interval: 10 }).toBe('INSTALL_FAILED');
    expect(await status(lab)).toMatchObject({ version: UPDATE, task: { status: 'FAILED' } });
    expect(await authority.get('/appliance/system/version')).toMatchObject({ version: BEFORE });
    expect(await authority.refused('POST', `${PENDING}?action=stage`)).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    expect((await authority.call('POST', '/appliance/update/pending?action=rollback')).status).toBe(204);
    await expect.poll(() => lab.simulator.world.events.all().at(-1)?.what, { timeout: 5_000 }).toBe('vcenter-back');
    await back(lab);
    expect(await authority.get('/appliance/system/version')).toMatchObject({ version: BEFORE });
    expect(await authority.refused('POST', '/appliance/update/pending?action=rollback')).toBe('404 NOT_FOUND');
  });

  it('does not come back under the fault vcenter-no-return', async () => {
    await using lab = await startLab({ faults: [{ kind: 'vcenter-no-return', vCenter: 'ta-vc' }] });
    const { events, settings } = lab.simulator.world;
    await lab.authority.call('POST', `${PENDING}?action=stage-and-install`, answers(lab));
    await expect.poll(() => events.all().some((event) => event.what === 'fault-fired'), { timeout: 5_000 }).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, settings.durations.applianceSettle * 2));
    expect(await lab.authority.open().then(() => 'open', unreachable)).toBe('unreachable');
    expect(events.all().some((event) => event.what === 'vcenter-back')).toBe(false);
  });
});
