import { describe, expect, it } from 'vitest';

import { startTrustLab, until } from '../trust-lab';

describe('the control endpoint', () => {
  it('GET /world is the whole world without a secret', async () => {
    await using lab = await startTrustLab();
    const { body } = await lab.control('GET', '/world');
    expect(body).toMatchObject({
      vCenters: [{ id: 'ta-vc' }, { id: 'workload-vc' }],
      hosts: [{ name: 'ta-1.lab.example' }, {}, {}, { name: 'host-1.lab.example', attestationStatus: 'attested' }, {}],
      events: expect.arrayContaining([expect.objectContaining({ what: 'login', vCenter: 'ta-vc' })]),
    });
    const text = JSON.stringify(body);
    const { ready } = lab.simulator;
    const kmip = lab.host('ta-1').trust?.keyProviders[0];
    for (const secret of [ready.password, ready.esxi.password, kmip?.password, kmip?.clientKey, 'PRIVATE KEY']) {
      expect(secret).toBeTruthy();
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });

  it('GET /events goes on where the last look ended', async () => {
    await using lab = await startTrustLab();
    const all = (await lab.control('GET', '/events')).body as { seq: number }[];
    await lab.authority.open();
    const more = (await lab.control('GET', `/events?since=${all.length}`)).body;
    expect(more).toMatchObject([{ seq: all.length + 1, what: 'login' }]);
  });

  it('GET /requests tells operation, status, error and user of every request', async () => {
    await using lab = await startTrustLab();
    await lab.authority.call('GET', `${lab.tac}/kms/providers/none?vmw-task=true`);
    const requests = (await lab.control('GET', '/requests')).body as object[];
    expect(requests.at(-1)).toMatchObject({
      endpoint: 'ta-vc',
      method: 'GET',
      operation: expect.stringMatching(/kms\.providers\.get\$task$/),
      status: 404,
      error: 'NOT_FOUND',
      user: 'administrator@vsphere.local',
    });
  });

  it('faults are added, shown with their counters, and deleted one by one or all', async () => {
    await using lab = await startTrustLab();
    const added = await lab.control('POST', '/faults', [
      { kind: 'hang', operation: 'none' },
      { kind: 'not-attest', host: 'host-9' },
    ]);
    expect(added).toMatchObject({
      status: 201,
      body: [
        { id: 'fault-1', count: 1 },
        { id: 'fault-2', count: null },
      ],
    });
    await lab.control('DELETE', '/faults?id=fault-1');
    expect((await lab.control('GET', '/faults')).body).toMatchObject([{ id: 'fault-2', seen: 0, fired: 0 }]);
    await lab.control('DELETE', '/faults');
    expect((await lab.control('GET', '/faults')).body).toEqual([]);
  });

  it.each([
    ['/faults', { kind: 'explode' }],
    ['/faults', { kind: 'hang', times: 3 }],
    ['/world/edit', { edit: 'set-image', host: 'host-1.lab.example' }],
    ['/world/edit', { edit: 'set-image', host: 'nobody', baseImage: '8.0.3-0.0.24674464' }],
  ])('POST %s refuses %j', async (path, body) => {
    await using lab = await startTrustLab();
    expect(await lab.control('POST', path, body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });

  it('edits falsify builds, attestation, versions and desired images, and are logged', async () => {
    await using lab = await startTrustLab();
    const host = 'host-1.lab.example';
    const edits = [
      { edit: 'set-image', host, baseImage: '8.0.3-0.0.24674464' },
      { edit: 'set-vcenter-version', vCenter: 'ta-vc', version: '8.0.1.00000', build: '1' },
      {
        edit: 'set-desired-image',
        vCenter: 'workload-vc',
        cluster: 'Trusted Cluster',
        baseImage: '8.0.3-0.0.24674464',
      },
      { edit: 'set-service', host: 'ta-1.lab.example', service: 'attestd', running: false },
      { edit: 'drop-trust-configuration', host: 'ta-2.lab.example' },
      { edit: 'end-sessions', endpoint: 'ta-vc' },
    ];
    expect((await lab.control('POST', '/world/edit', edits)).status).toBe(204);
    expect(lab.host('host-1').runningImage.build).toBe('24674464');
    await lab.attestation('host-1', 'notAttested');
    expect(lab.authorityVCenter.version).toBe('8.0.1.00000');
    expect(lab.cluster.lifecycle.commits.at(-1)).toMatchObject({ author: 'somebody@vsphere.local' });
    expect(lab.host('ta-2').trust).toBeNull();
    expect(await lab.authority.refused('GET', '/session')).toBe('401 UNAUTHENTICATED');
    expect(lab.events('edited').map((event) => event.detail['edit'])).toEqual(edits.map((edit) => edit.edit));
  });

  it('an operator at the console reverts a host to the image of its other boot bank', async () => {
    await using lab = await startTrustLab();
    const host = lab.host('ta-3');
    await lab.control('POST', '/world/edit', { edit: 'set-image', host: host.name, baseImage: '8.0.3-0.0.24674464' });
    expect((await lab.control('POST', '/world/edit', { edit: 'revert-host', host: host.name })).status).toBe(400);
    host.alternateBank = lab.host('ta-1').runningImage;
    await lab.control('POST', '/world/edit', { edit: 'revert-host', host: host.name });
    await until(() => host.up, 'back');
    expect(host).toMatchObject({ runningImage: { esxVersion: '8.0.2' }, bootedImage: { esxVersion: '8.0.2' } });
  });
});
