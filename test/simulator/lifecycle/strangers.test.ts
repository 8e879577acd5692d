import { describe, expect, it } from 'vitest';

import { STRANGER } from '../../../simulator/world/lifecycle-strangers';
import { MIDDLE, NEW, startLab } from './support/lab';

describe('other people at work', () => {
  it('edits the desired image when a host leaves maintenance mode', async () => {
    await using lab = await startLab({
      cluster: { desiredImage: 'middle' },
      faults: [{ kind: 'desired-image-edited', host: 'host-1.lab.example', baseImage: NEW }],
    });
    const apply = (moid: string | undefined) =>
      lab.api.result('POST', `${lab.software}?action=apply&vmw-task=true`, { hosts: [moid], accept_eula: true });
    await apply(lab.hosts[0]?.moid);
    expect(lab.hosts[0]?.runningImage.baseImage).toBe(MIDDLE);
    expect(await lab.api.get(lab.software)).toMatchObject({ base_image: { version: NEW } });
    const edits = lab.simulator.world.events.all().filter((event) => event.what === 'desired-image-changed');
    expect(edits.map((event) => event.detail['by'])).toEqual([STRANGER]);
    await apply(lab.hosts[1]?.moid);
    expect(lab.hosts[1]?.runningImage.baseImage).toBe(NEW);
  });

  it('remediates the whole cluster when a host has entered maintenance mode', async () => {
    await using lab = await startLab({
      hosts: { vms: 0 },
      faults: [{ kind: 'stranger-remediates', host: 'host-1.lab.example' }],
    });
    const { world } = lab.simulator;
    const [host] = lab.hosts;
    if (!host) throw new Error('no host');
    host.inMaintenanceMode = true;
    world.hostEvent('maintenance-mode-entered', host, {});
    expect(
      await lab.api.refused('POST', `${lab.software}?action=apply&vmw-task=true`, {
        hosts: [host.moid],
        accept_eula: true,
      }),
    ).toBe('400 NOT_ALLOWED_IN_CURRENT_STATE');
    const tasks = await lab.api.call('POST', '/cis/tasks?action=list', { filter_spec: { users: [STRANGER] } });
    const [id] = Object.keys(tasks.body as object);
    expect(await lab.api.ended(id ?? '')).toMatchObject({
      status: 'SUCCEEDED',
      result: { successful_hosts: lab.hosts.map(({ moid }) => moid) },
    });
  });
});
