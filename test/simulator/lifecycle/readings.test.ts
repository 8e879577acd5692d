import { describe, expect, it } from 'vitest';

import { startLab } from './support/lab';

/** Paths below /api that must answer in the contract's form; the router turns a breach into a 500. */
const READINGS = [
  '/appliance/health/database',
  '/appliance/health/system/lastcheck',
  '/appliance/health/storage/messages',
  '/appliance/recovery/backup/job/details',
  '/appliance/recovery/backup/parts/common',
  '/appliance/services/vpxd',
  '/appliance/system/time',
  '/appliance/update/pending?source_type=LAST_CHECK',
  '/appliance/update/policy',
  '{software}/add-on',
  '{software}/components',
  '{software}/components/driver',
  '{software}/effective-components',
  '{software}/effective-components?with-removed-components',
  '{software}/removed-components',
  '{software}/solutions',
  '{software}/commits/1',
  '{software}/drafts?owners=nobody',
  '{software}/drafts/{draft}/software/removed-components/driver',
  '{software}/drafts/{draft}/software/effective-components?with-removed-components',
  '/esx/settings/depot-content/add-ons/oem/versions/1.0-1',
  '/esx/settings/depots/offline',
];

describe('every reading', () => {
  it('answers in the form of the contract', async () => {
    await using lab = await startLab({ cluster: { desiredImage: 'special' } });
    const { api, software } = lab;
    await api.call('POST', '/appliance/recovery/backup/job', {
      parts: [],
      location_type: 'SFTP',
      location: 'sftp://backup.lab.example/vc',
    });
    const draft = (await api.call('POST', `${software}/drafts`)).body as string;
    await api.call('PUT', `${software}/drafts/${draft}/software/removed-components/driver`);
    const failures: string[] = [];
    for (const template of READINGS) {
      const path = template.replace('{software}', software).replace('{draft}', draft);
      const reply = await api.call('GET', path);
      if (reply.status !== 200) failures.push(`${template}: ${reply.status} ${JSON.stringify(reply.body)}`);
    }
    expect(failures).toEqual([]);
    expect(await api.refused('GET', `${software}/hardware-support`)).toBe('404 NOT_FOUND');
    expect(await api.refused('GET', `${software}/solutions/none`)).toBe('404 NOT_FOUND');
    const hello = await api.call('POST', '/vcenter/system?action=hello', { api_releases: ['9.0.0.0', '8.0.3.0'] });
    expect(hello).toEqual({ status: 200, body: { api_release: '8.0.3.0' } });
  });
});
