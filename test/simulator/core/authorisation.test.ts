import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { neededPrivileges } from '../../../simulator/api/rest/authorize';
import { OPERATIONS } from '../../../simulator/api/rest/operation';
import { buildWorld } from '../../../simulator/scenarios/build-world';
import { smallest } from '../../../simulator/scenarios/smallest';
import { scenarioSchema } from '../../../simulator/scenarios/scenario.schema';
import { realClock } from '../../../simulator/world/clock';
import type { ApplianceRole, Privileges } from '../../../simulator/world/privileges';
import type { User } from '../../../simulator/world/state';
import { RestCaller } from '../lifecycle/support/rest-caller';
import { startTrustLab, type TrustLab } from '../trust-lab';

let lab: TrustLab;
beforeAll(async () => {
  lab = await startTrustLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

/** A session of a new account at the workload vCenter. */
async function session(name: string, privileges: Privileges, applianceRole: ApplianceRole = 'none') {
  lab.workloadVCenter.users.push({ name, password: 'pw', groups: [], privileges, applianceRole });
  const { ready } = lab.simulator;
  const url = ready.trusted[0]?.vCenter ?? '';
  const made = new RestCaller(url, readFileSync(ready.caFile, 'utf8'), { username: name, password: 'pw' });
  await made.open();
  return made;
}

describe('privileges over REST', () => {
  const SCAN = 'software?action=scan&vmw-task=true';
  const CHECK = 'software?action=check&vmw-task=true';

  it('an operation of vLCM that is a task asks for what the published API names', async () => {
    const path = `/esx/settings/clusters/${lab.cluster.moid}`;
    const reader = await session('reader', ['VcIntegrity.lifecycleSoftwareSpecification.Read']);
    expect((await reader.call('POST', `${path}/${SCAN}`)).status).toBe(202);
    expect(await reader.refused('POST', `${path}/${CHECK}`, {})).toBe('403 UNAUTHORIZED');
    const one = await session('half', ['VcIntegrity.lifecycleSoftwareRemediation.Read']);
    expect(await one.refused('POST', `${path}/${CHECK}`, {})).toBe('403 UNAUTHORIZED');
  });

  it('every operation on vTA and on images asks for something', () => {
    const asking = [...OPERATIONS.values()].filter(
      ({ key }) =>
        key.startsWith('com.vmware.vcenter.trusted_infrastructure.') ||
        key.startsWith('com.vmware.esx.settings.clusters.software.'),
    );
    const silent = asking.filter((operation) => neededPrivileges(operation).length === 0).map(({ key }) => key);
    expect(silent.filter((key) => !NOT_ANSWERED.test(key))).toEqual([]);
  });
  /** Tasks that the simulator does not answer, so nobody wrote down what they ask for. */
  const NOT_ANSWERED = /recommendations|solutions|hardware_compatibility/;

  it('an operator of the appliance reads, an administrator changes, others do neither', async () => {
    const version = ['GET', '/appliance/system/version'] as const;
    const restart = ['POST', '/appliance/services/vsphere-ui?action=restart'] as const;
    const everything = await session('nobody-of-the-appliance', 'all');
    expect(await everything.refused(...version)).toBe('403 UNAUTHORIZED');
    const operator = await session('operator', [], 'operator');
    expect((await operator.call(...version)).status).toBe(200);
    expect(await operator.refused(...restart)).toBe('403 UNAUTHORIZED');
    const administrator = await session('administrator', [], 'administrator');
    expect((await administrator.call(...restart)).status).toBe(204);
  });
});

describe('accounts of a scenario', () => {
  function usersWith(user: object): User | undefined {
    const scenario = scenarioSchema.parse({
      ...smallest,
      roles: { upgrades: ['Host.Config.Maintenance'] },
      trustAuthority: {
        ...smallest.trustAuthority,
        vCenter: { ...smallest.trustAuthority.vCenter, users: [{ name: 'somebody', ...user }] },
      },
    });
    const { world } = buildWorld(scenario, realClock());
    const found = world.vCenter('ta-vc').users.find(({ name }) => name === 'somebody');
    world.close();
    return found;
  }

  it('hold what is listed, what their roles hold, and as TrustedAdmins everything of vTA', () => {
    const user = usersWith({ privileges: ['Global.Diagnostics'], roles: ['upgrades'], groups: ['TrustedAdmins'] });
    expect(user?.privileges).toEqual(
      expect.arrayContaining(['Global.Diagnostics', 'Host.Config.Maintenance', 'TrustedAdmin.ReadTrustedHosts']),
    );
    expect(user?.applianceRole).toBe('none');
  });

  it('hold everything when nothing is said, and nothing when that is said', () => {
    expect(usersWith({})).toMatchObject({ privileges: 'all', applianceRole: 'superAdministrator' });
    expect(usersWith({ privileges: [] })).toMatchObject({ privileges: [], applianceRole: 'none' });
  });

  it('a role that the scenario does not have is an error that names it', () => {
    expect(() => usersWith({ roles: ['no-such-role'] })).toThrow('no-such-role');
  });
});
