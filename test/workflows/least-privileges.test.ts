import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededApplianceRole, neededPrivileges } from '../../simulator/api/rest/authorize';
import { OPERATIONS } from '../../simulator/api/rest/operation';
import { neededPrivilege } from '../../simulator/api/soap/authorize';
import { allMethods } from '../../simulator/api/soap/vim25/type-table';
import type { ScenarioInput } from '../../simulator/scenarios/scenario.schema';
import type { DigestedPlan } from '../../src/model/plan';
import { NEEDED_PRIVILEGES } from '../../src/model/privileges';
import { bringsBack, edit, operate } from '../support/failed-host';
import { HOST_1, hostsRequest, hostsSite, TA_1 } from '../support/hosts-site';
import { failureOf } from '../support/people';
import { approveEverything, approveUntil, decide, startRehearsal, type Rehearsal } from '../support/rehearsal';

type Role = (typeof NEEDED_PRIVILEGES)[number]['vCenters'][number];

const ACCOUNT = 'vta-upgrade@vsphere.local';
const VCENTERS: Record<Role, string> = { 'trust-authority': 'ta-vc', trusted: 'workload-vc' };

/** Those of an upgrade, or of a run that brings a failed host back. */
function listed(role: Role, withRecovery = false): string[] {
  return NEEDED_PRIVILEGES.filter((one) => one.vCenters.includes(role))
    .filter(({ only }) => withRecovery || only === undefined)
    .map(({ id }) => id)
    .sort();
}

/** A site whose account holds the least; Quick Boot is on, and hosts attest again only after a reconnect. */
function site(withRecovery: boolean, trusted: number): ScenarioInput {
  const scenario = hostsSite({ trusted });
  const account = (role: Role) => [{ name: ACCOUNT, roles: [role], applianceRole: 'operator' as const }];
  scenario.roles = {
    'trust-authority': listed('trust-authority', withRecovery),
    trusted: listed('trusted', withRecovery),
  };
  scenario.switches = { attestOnlyAfterReconnect: true };
  scenario.trustAuthority.vCenter.users = account('trust-authority');
  scenario.trustAuthority.cluster.policy = { enable_quick_boot: true };
  for (const { vCenter, clusters } of scenario.trusted) {
    vCenter.users = account('trusted');
    for (const cluster of clusters) cluster.policy = { enable_quick_boot: true };
  }
  return scenario;
}

function start(withRecovery = false, trusted = 1): Promise<Rehearsal> {
  return startRehearsal(site(withRecovery, trusted), (infrastructure) => {
    const endpoints = [infrastructure.trustAuthority.vCenter, ...infrastructure.trusted.map(({ vCenter }) => vCenter)];
    for (const endpoint of endpoints) Object.assign(endpoint, { username: ACCOUNT });
  });
}

/** What the requests of our account at one vCenter asked for, by the simulator's log. */
function askedFor({ simulator }: Rehearsal, vCenter: string): { privileges: string[]; appliance: string[] } {
  const methods = new Map(allMethods().map((method) => [method.name, neededPrivilege(method)]));
  const privileges = new Set<string>();
  const appliance = new Set<string>();
  for (const { endpoint, user, operation } of simulator.requests.all()) {
    if (endpoint !== vCenter || user?.toLowerCase() !== ACCOUNT || operation === null) continue;
    const rest = OPERATIONS.get(operation);
    const needed = rest ? neededPrivileges(rest) : [methods.get(operation)];
    for (const id of needed) if (id !== undefined && !id.startsWith('System.')) privileges.add(id);
    if (rest) appliance.add(neededApplianceRole(rest));
  }
  return { privileges: [...privileges].sort(), appliance: [...appliance].sort() };
}

/** Changes what the account holds at a vCenter; sessions end, as they hold what their account held at the login. */
function hold({ simulator: { world } }: Rehearsal, vCenter: string, change: { privileges?: string[]; role?: 'none' }) {
  const account = world.vCenter(vCenter).users.find(({ name }) => name === ACCOUNT);
  if (!account) throw new Error(`no account at ${vCenter}`);
  if (change.privileges) account.privileges = change.privileges;
  account.applianceRole = change.role ?? 'operator';
  world.sessions.closeAll(vCenter);
}

describe.concurrent('an account with the least privileges', { timeout: 300_000 }, () => {
  it('carries out a whole run, which asks for every one of them and for no other', async () => {
    await using rehearsal = await start();
    const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure));
    const { report } = await approveEverything(rehearsal, run);
    expect(report.outcome).toBe('completed');
    for (const role of ['trust-authority', 'trusted'] as const) {
      const asked = { privileges: listed(role), appliance: ['none', 'operator'] };
      expect([role, askedFor(rehearsal, VCENTERS[role])]).toEqual([role, asked]);
    }
  });

  it('and with those of a recovery brings a failed host back, which asks for those besides', async () => {
    await using rehearsal = await start(true);
    rehearsal.simulator.world.faults.add({ kind: 'service-broken', host: TA_1, service: 'attestd' });
    const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure));
    const end = await operate(run, {
      decide: bringsBack(TA_1, () => edit(rehearsal, { edit: 'revert-host', host: TA_1 })),
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(askedFor(rehearsal, 'ta-vc').privileges).toEqual(listed('trust-authority', true));
    // Its address and authority have not changed, so the workload vCenters had to be told nothing.
    expect(askedFor(rehearsal, 'workload-vc').privileges).toEqual(listed('trusted'));
  });

  it('and brings a failed Trusted Host back, which asks for other ones besides', async () => {
    await using rehearsal = await start(true, 2);
    rehearsal.simulator.world.faults.add({ kind: 'no-return', host: HOST_1 });
    const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure, { recoverTrustedHosts: true }));
    const end = await operate(run, {
      decide: bringsBack(HOST_1, () => edit(rehearsal, { edit: 'power-cycle', host: HOST_1 })),
    });
    expect('report' in end && end.report.outcome).toBe('completed');
    expect(askedFor(rehearsal, 'workload-vc').privileges).toEqual(listed('trusted', true));
    // Of the Trust Authority Hosts it wants to know what they say of that host, and nothing else.
    const asked = [...listed('trust-authority'), 'Global.Diagnostics'].sort();
    expect(askedFor(rehearsal, 'ta-vc').privileges).toEqual(asked);
  });

  it('that loses one in the middle: the step parks and says so, and goes on when it is back', async () => {
    await using rehearsal = await start();
    const run = await rehearsal.start(hostsRequest(rehearsal.infrastructure));
    const lost = 'VcIntegrity.lifecycleSoftwareRemediation.Write';
    await approveUntil(rehearsal, run, ({ id }) => id === 'plan');
    hold(rehearsal, 'ta-vc', { privileges: listed('trust-authority').filter((id) => id !== lost) });
    const parked = await approveUntil(rehearsal, run, ({ step }) => step !== undefined);
    expect(parked.facts.join(' ')).toMatch(/^VTA_PRIVILEGE_MISSING: /);
    expect(parked.facts.join(' ')).toContain(lost);
    hold(rehearsal, 'ta-vc', { privileges: listed('trust-authority') });
    await decide(run, parked, 'retry');
    expect((await approveEverything(rehearsal, run)).report.outcome).toBe('completed');
  });
});

describe('a plan asks what the accounts may do before it reads anything else', { timeout: 120_000 }, () => {
  let lab: Rehearsal;
  beforeAll(async () => {
    lab = await start();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  const planned = async (changes: Record<string, unknown> = {}): Promise<DigestedPlan> =>
    (await lab.client.workflow.execute('planTrustAuthority', {
      workflowId: `plan-${randomUUID()}`,
      taskQueue: lab.taskQueue,
      args: [hostsRequest(lab.infrastructure, changes)],
    })) as DigestedPlan;

  const cases = NEEDED_PRIVILEGES.filter(({ only }) => only === undefined).flatMap(({ id, on, vCenters }) =>
    vCenters.map((role) => ({ id, on, role })),
  );
  it.each(cases)('and names $id when the account of the $role vCenter lacks it', async ({ id, on, role }) => {
    const vCenter = VCENTERS[role];
    hold(lab, vCenter, { privileges: listed(role).filter((held) => held !== id) });
    const plan = await planned();
    hold(lab, vCenter, { privileges: listed(role) });
    const clusters = { 'trust-authority': 'vTA Cluster', trusted: 'Trusted Cluster' };
    const where = on === 'vCenter' ? 'the vCenter' : `the cluster ${clusters[role]}`;
    expect(plan).toMatchObject({
      kind: 'refused',
      refusals: [
        {
          code: 'VTA_PRIVILEGE_MISSING',
          subject: expect.stringContaining(vCenter),
          message: expect.stringMatching(new RegExp(`^${ACCOUNT} lacks privileges at .*: ${id} on ${where}\\.$`)),
        },
      ],
    });
  });

  it('and refuses an account that may not read the appliance, which AuthorizationManager does not know', async () => {
    hold(lab, 'ta-vc', { role: 'none' });
    const failure = await failureOf(planned());
    hold(lab, 'ta-vc', {});
    expect(failure).toMatch(/^VTA_PRIVILEGE_MISSING: .*operator/);
  });

  it('and has nothing against the least, but says that no failed host could be brought back with it', async () => {
    const plan = await planned();
    if (plan.kind !== 'plan') throw new Error(JSON.stringify(plan));
    const said = plan.plan.warnings.filter(({ code }) => code === 'VTA_NOT_RECOVERABLE').map(({ message }) => message);
    expect(said.join()).toContain('Host.Inventory.RemoveHostFromCluster on the cluster vTA Cluster');
    hold(lab, 'ta-vc', { privileges: listed('trust-authority', true) });
    hold(lab, 'workload-vc', { privileges: listed('trusted', true) });
    const able = await planned();
    expect(able.kind === 'plan' && able.plan.warnings.map(({ code }) => code)).not.toContain('VTA_NOT_RECOVERABLE');
  });

  it('and says what is lacking to bring a Trusted Host back, where the request allows that', async () => {
    hold(lab, 'ta-vc', { privileges: listed('trust-authority', true) });
    const lost = 'Host.Inventory.AddHostToCluster';
    hold(lab, 'workload-vc', { privileges: listed('trusted', true).filter((id) => id !== lost) });
    const codes = (plan: DigestedPlan) =>
      plan.kind === 'plan' ? plan.plan.warnings.filter(({ message }) => message.includes(lost)) : plan.refusals;
    expect(codes(await planned())).toEqual([]);
    const allowed = await planned({ recoverTrustedHosts: true });
    hold(lab, 'ta-vc', { privileges: listed('trust-authority') });
    hold(lab, 'workload-vc', { privileges: listed('trusted') });
    expect(codes(allowed)).toMatchObject([
      {
        code: 'VTA_NOT_RECOVERABLE',
        subject: 'recovery of a Trusted Host',
        message: expect.stringContaining(`${lost} on the cluster Trusted Cluster`),
      },
    ]);
  });
});

describe('docs/permissions.md', () => {
  it('lists the same privileges, for the same vCenters, with the same reasons', () => {
    const page = readFileSync('docs/permissions.md', 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z][\w.]+)` +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)];
    const shown = rows.map(([, id, vCenters, on, neededFor]) => ({ id, vCenters, on, neededFor }));
    const names: Record<Role, string> = { 'trust-authority': 'Trust Authority', trusted: 'Trusted Clusters' };
    expect(shown).toEqual(
      NEEDED_PRIVILEGES.map(({ id, vCenters, on, neededFor }) => ({
        id,
        vCenters: vCenters.map((role) => names[role]).join(', '),
        on: on === 'vCenter' ? 'vCenter' : 'clusters',
        neededFor,
      })),
    );
  });
});
