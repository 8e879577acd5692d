import { describe, expect, it } from 'vitest';

import { NEW, OLD, startLab, type Lab } from './support/lab';

interface SoftwareInfo {
  base_image: { version: string };
  add_on?: { name: string };
  components: Record<string, { version: string }>;
}

interface Remarks {
  notifications: { errors?: { id: string }[] };
}

async function newDraft({ api, software }: Lab): Promise<string> {
  const reply = await api.call('POST', `${software}/drafts`);
  expect(reply.status).toBe(201);
  return `${software}/drafts/${reply.body as string}`;
}

function problems(remarks: unknown): string[] {
  const { errors = [] } = (remarks as Remarks).notifications;
  return errors.map((error) => error.id.replace('com.vmware.simulator.lcm.', ''));
}

describe('drafts of a desired image', () => {
  it('starts as a copy of the desired image, and one user has one only', async () => {
    await using lab = await startLab();
    const draft = await newDraft(lab);
    const info = await lab.api.get<{ software: SoftwareInfo; metadata: { owner: string; status: string } }>(draft);
    expect(info.software.base_image.version).toBe(NEW);
    expect(info.metadata).toMatchObject({ owner: lab.simulator.ready.username, status: 'VALID' });
    expect(await lab.api.refused('POST', `${lab.software}/drafts`)).toBe('400 ALREADY_EXISTS');
    expect((await lab.api.call('DELETE', draft)).status).toBe(204);
    expect(await lab.api.refused('GET', draft)).toBe('404 NOT_FOUND');
    await newDraft(lab);
  });

  it('becomes the desired image by a commit, and is gone then', async () => {
    await using lab = await startLab({ cluster: { desiredImage: 'old' } });
    const { api, software } = lab;
    const draft = await newDraft(lab);
    expect((await api.call('PUT', `${draft}/software/base-image`, { version: NEW })).status).toBe(204);
    expect(problems(await api.result('POST', `${draft}?action=validate&vmw-task=true`))).toEqual([]);
    const scan = await api.result('POST', `${draft}?action=scan&vmw-task=true`);
    expect(scan).toMatchObject({ status: 'NON_COMPLIANT', impact: 'REBOOT_REQUIRED' });
    expect(scan).not.toHaveProperty('commit');

    const commit = await api.result<string>('POST', `${draft}?action=commit&vmw-task=true`, { message: 'To 8.0.3' });
    expect((await api.get<SoftwareInfo>(software)).base_image.version).toBe(NEW);
    expect(await api.refused('GET', draft)).toBe('404 NOT_FOUND');
    expect(await api.get(`${software}/commits/${commit}`)).toMatchObject({
      author: lab.simulator.ready.username,
      description: 'To 8.0.3',
      apply_status: 'NOT_APPLIED',
    });
    expect(lab.simulator.world.events.all().filter((event) => event.what === 'desired-image-changed')).toHaveLength(1);
  });

  it.each([
    ['a base image that the depot does not have', '8.0.3-0.0.99999999', 'base-image-missing'],
    ['a base image older than what hosts run', OLD, 'downgrade'],
  ])('does not commit %s', async (_case, version, problem) => {
    await using lab = await startLab({ hosts: { image: 'new' } });
    const { api, software } = lab;
    const draft = await newDraft(lab);
    // documented: setting names no such error, validation and commit do
    expect((await api.call('PUT', `${draft}/software/base-image`, { version })).status).toBe(204);
    expect(problems(await api.result('POST', `${draft}?action=validate&vmw-task=true`))).toContain(problem);
    expect(await api.get(draft)).toMatchObject({ metadata: { status: 'INVALID' } });

    const ended = await api.task('POST', `${draft}?action=commit&vmw-task=true`, {});
    expect(ended).toMatchObject({ status: 'FAILED', error: { error_type: 'INVALID_ARGUMENT' } });
    expect(problems(ended.error?.data)).toContain(problem);
    expect((await api.get<SoftwareInfo>(software)).base_image.version).toBe(NEW);
    await api.get(draft);
  });

  it('accepts a downgrade where the scenario says so', async () => {
    await using lab = await startLab({ hosts: { image: 'new' }, switches: { refuseDowngrade: false } });
    const draft = await newDraft(lab);
    await lab.api.call('PUT', `${draft}/software/base-image`, { version: OLD });
    expect(problems(await lab.api.result('POST', `${draft}?action=validate&vmw-task=true`))).toEqual([]);
  });

  it('refuses an ESXi that is newer than the vCenter', async () => {
    await using lab = await startLab({ cluster: { desiredImage: 'old' } });
    lab.vCenter.version = '8.0.2.00100';
    const draft = await newDraft(lab);
    await lab.api.call('PUT', `${draft}/software/base-image`, { version: NEW });
    expect(problems(await lab.api.result('POST', `${draft}?action=validate&vmw-task=true`))).toEqual([
      'newer-than-vcenter',
    ]);
  });

  it('is not committed while vLCM works on the cluster', async () => {
    await using lab = await startLab({ durations: { imageInstall: 500 } });
    const draft = await newDraft(lab);
    const body = { hosts: [lab.hosts[0]?.moid], accept_eula: true };
    const running = await lab.api.start('POST', `${lab.software}?action=apply&vmw-task=true`, body);
    expect(await lab.api.refused('POST', `${draft}?action=commit&vmw-task=true`, {})).toBe(
      '400 NOT_ALLOWED_IN_CURRENT_STATE',
    );
    await lab.api.ended(running);
    await lab.api.result('POST', `${draft}?action=commit&vmw-task=true`, {});
  });

  it('takes add-on and components, and gives them back', async () => {
    await using lab = await startLab();
    const { api } = lab;
    const draft = await newDraft(lab);
    expect(await api.refused('GET', `${draft}/software/add-on`)).toBe('404 NOT_FOUND');
    await api.call('PUT', `${draft}/software/add-on`, { name: 'oem', version: '1.0-1' });
    await api.call('PATCH', `${draft}/software/components`, { components_to_set: { driver: '2.0-1' } });
    const info = await api.get<{ software: SoftwareInfo }>(draft);
    expect(info.software.add_on?.name).toBe('oem');
    expect(info.software.components['driver']?.version).toBe('2.0-1');
    expect(await api.get(`${draft}/software/effective-components`)).toMatchObject({
      ESXi: { version: NEW, details: { source: 'BASE_IMAGE' } },
      driver: { version: '2.0-1', details: { source: 'USER' } },
    });
    await api.call('PUT', `${draft}/software/components/driver`, '9.9-9');
    expect(problems(await api.result('POST', `${draft}?action=validate&vmw-task=true`))).toEqual(['component-missing']);
    await api.call('PATCH', `${draft}/software/components`, { components_to_delete: ['driver'] });
    expect(await api.refused('GET', `${draft}/software/components/driver`)).toBe('404 NOT_FOUND');
    await api.call('DELETE', `${draft}/software/add-on`);
    expect(problems(await api.result('POST', `${draft}?action=validate&vmw-task=true`))).toEqual([]);
  });

  it('imports a specification in place of the user’s draft', async () => {
    await using lab = await startLab();
    const { api, software } = lab;
    const first = await newDraft(lab);
    const spec = { base_image: { version: OLD }, components: { driver: '2.0-1' } };
    const reply = await api.call('POST', `${software}/drafts?action=import-software-spec`, {
      source_type: 'JSON_STRING',
      software_spec: JSON.stringify(spec),
    });
    expect(reply.status).toBe(200);
    expect(await api.refused('GET', first)).toBe('404 NOT_FOUND');
    expect(Object.keys(await api.get(`${software}/drafts`))).toEqual([reply.body]);
    expect(await api.get(`${software}/drafts/${reply.body as string}/software/base-image`)).toMatchObject({
      version: OLD,
    });
  });
});
