import { describe, expect, it } from 'vitest';

import { MIDDLE, NEW, OLD, startLab } from './support/lab';

const CONTENT = '/esx/settings/depot-content';
const OFFLINE = '/esx/settings/depots/offline';
const NEWEST = '8.0.3-0.0.24859861';

describe('the depot', () => {
  it('lists base images, add-ons and components', async () => {
    await using lab = await startLab();
    const { api } = lab;
    const versions = async (query = '') =>
      (await api.get<{ version: string }[]>(`${CONTENT}/base-images${query}`)).map((row) => row.version);
    expect(await versions()).toEqual([OLD, MIDDLE, NEW]);
    expect(await versions(`?min_version=${MIDDLE}`)).toEqual([MIDDLE, NEW]);
    expect(await api.get(`${CONTENT}/base-images/versions/${NEW}`)).toMatchObject({
      components: [{ name: 'ESXi', version: NEW }],
      quick_patch_compatible_versions: { [MIDDLE]: 'ESXi 8.0.3 - 24585383' },
    });
    expect(await api.refused('GET', `${CONTENT}/base-images/versions/${NEWEST}`)).toBe('404 NOT_FOUND');
    expect(await api.get(`${CONTENT}/add-ons?names=oem`)).toMatchObject([
      { name: 'oem', versions: [{ version: '1.0-1' }] },
    ]);
    expect(await api.get(`${CONTENT}/components?names=none`)).toEqual([]);
    expect(await api.get(`${CONTENT}/components/driver/versions/2.0-1`)).toMatchObject({ display_name: 'driver' });
  });

  it('takes an offline bundle, whose image can be a desired one then', async () => {
    await using lab = await startLab();
    const { api, software } = lab;
    const bundle = { source_type: 'PULL', location: `https://depot.lab.example/ESXi-${NEWEST}-depot.zip` };
    const { depot } = await api.result<{ depot: string }>('POST', `${OFFLINE}?vmw-task=true`, bundle);
    expect(await api.task('POST', `${OFFLINE}?vmw-task=true`, bundle)).toMatchObject({
      error: { error_type: 'ALREADY_EXISTS' },
    });
    expect(await api.get(`${OFFLINE}/${depot}`)).toMatchObject({ location: bundle.location });
    const draft = (await api.call('POST', `${software}/drafts`)).body as string;
    await api.call('PUT', `${software}/drafts/${draft}/software/base-image`, { version: NEWEST });
    await api.result('POST', `${software}/drafts/${draft}?action=commit&vmw-task=true`, {});
    expect(await api.refused('DELETE', `${OFFLINE}/${depot}`)).toBe('400 RESOURCE_IN_USE');
  });

  it('takes the image of a host: the copy to go back to', async () => {
    await using lab = await startLab();
    const { api, vCenter } = lab;
    vCenter.depot.baseImages = vCenter.depot.baseImages.filter((image) => image.version !== OLD);
    const body = { auth_type: 'EXISTING', host: lab.hosts[0]?.moid };
    const info = await api.result<{ result: { depot: string } }>(
      'POST',
      `${OFFLINE}?action=createFromHost&vmw-task=true`,
      body,
    );
    expect(info).toMatchObject({ software_spec: { base_image: { version: OLD } } });
    await api.get(`${CONTENT}/base-images/versions/${OLD}`);
    expect((await api.call('DELETE', `${OFFLINE}/${info.result.depot}`)).status).toBe(204);
    expect(await api.refused('GET', `${CONTENT}/base-images/versions/${OLD}`)).toBe('404 NOT_FOUND');
  });
});
