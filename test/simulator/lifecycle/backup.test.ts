import { request } from 'node:http';

import { describe, expect, it } from 'vitest';

import { startLab, type Lab } from './support/lab';

const JOBS = '/appliance/recovery/backup/job';
const SECRETS = { location_password: 'location-s3cret', backup_password: 'archive-s3cret' };
const BACKUP = {
  parts: ['seat'],
  location_type: 'SFTP',
  location: 'sftp://someone:url-s3cret@backup.lab.example/vc',
  location_user: 'backup',
  comment: 'before the upgrade',
  ...SECRETS,
};

/** Everything that the control endpoint tells. */
function dump({ simulator }: Lab, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, simulator.ready.control), (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('backup jobs', () => {
  it('runs to success, and says where it is', async () => {
    await using lab = await startLab({ durations: { backup: 500 } });
    const { api } = lab;
    const created = await api.call('POST', JOBS, BACKUP);
    expect(created).toMatchObject({ status: 201, body: { state: 'INPROGRESS', progress: 0 } });
    const { id } = created.body as { id: string };
    expect(await api.get(JOBS)).toEqual([id]);
    expect(await api.refused('POST', JOBS, BACKUP)).toBe('400 FEATURE_IN_USE');
    await expect
      .poll(async () => (await api.get<{ state: string }>(`${JOBS}/${id}`)).state, { interval: 10 })
      .toBe('SUCCEEDED');
    const ended = await api.get<{ start_time: string; end_time: string; progress: number }>(`${JOBS}/${id}`);
    expect(ended.progress).toBe(100);
    expect(Date.parse(ended.end_time)).toBeGreaterThan(Date.parse(ended.start_time));
    expect(await api.get(`${JOBS}/details`)).toMatchObject({ [id]: { status: 'SUCCEEDED', location_user: 'backup' } });
    expect(await api.refused('GET', `${JOBS}/none`)).toBe('404 NOT_FOUND');
    const parts = await api.get<{ id: string }[]>('/appliance/recovery/backup/parts');
    expect(parts.map((part) => part.id)).toEqual(['common', 'seat']);
  });

  it('keeps no password, neither in the world nor in the log of requests', async () => {
    await using lab = await startLab();
    await lab.api.call('POST', JOBS, BACKUP);
    await lab.api.call('PUT', '/appliance/update/policy', {
      check_schedule: [],
      auto_stage: false,
      username: 'depot',
      password: 'depot-s3cret',
    });
    expect(await lab.api.get('/appliance/update/policy')).toMatchObject({ username: 'depot' });
    const all = (await dump(lab, '/world')) + JSON.stringify(lab.simulator.requests.all());
    expect(all).toContain('sftp://backup.lab.example/vc');
    expect(all).not.toContain('s3cret');
    expect(all).not.toContain(lab.simulator.ready.password);
  });

  it.each([
    ['a location that is none of its type', { location_type: 'SFTP', location: 'ftp://backup.lab.example/vc' }],
    ['a part that does not exist', { parts: ['everything'] }],
  ])('fails with %s, and validation says so before', async (_case, wrong) => {
    await using lab = await startLab();
    const { api } = lab;
    const validation = await api.call('POST', '/appliance/recovery/backup?action=validate', { ...BACKUP, ...wrong });
    expect(validation).toMatchObject({ status: 200, body: { status: 'FAIL' } });
    const { id } = (await api.call('POST', JOBS, { ...BACKUP, ...wrong })).body as { id: string };
    await expect
      .poll(async () => (await api.get<{ state: string }>(`${JOBS}/${id}`)).state, { interval: 10 })
      .toBe('FAILED');
  });

  it('fails under the fault backup-fails, and can be cancelled', async () => {
    await using lab = await startLab({
      faults: [{ kind: 'backup-fails', vCenter: 'workload-vc' }],
      durations: { backup: 400 },
    });
    const { api } = lab;
    const first = (await api.call('POST', JOBS, BACKUP)).body as { id: string };
    const state = async (id: string) => (await api.get<{ state: string }>(`${JOBS}/${id}`)).state;
    await expect.poll(() => state(first.id), { interval: 10 }).toBe('FAILED');
    const second = (await api.call('POST', JOBS, BACKUP)).body as { id: string };
    expect(second.id).not.toBe(first.id);
    expect((await api.call('POST', `${JOBS}/${second.id}?action=cancel`)).body).toMatchObject({ status: 'OK' });
    expect(await state(second.id)).toBe('FAILED');
  });
});
