import type { HostStepInput } from './activities';
import type { PlannedCluster, PlannedHost } from '../model/plan';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import type { HostSystem } from '../vsphere/vim/hosts';
import type { FindSite, Site } from './dependencies';
import { servingPeers } from './host-standing';
import { ensureMaintenanceMode } from './maintenance-mode';
import { isFinal, lookAtTasks, type Begun } from './one-task';
import { findMissingPrivileges, forRecovery } from './privileges';
import { attestedPeers, lacksAttestation } from './trusted-host-facts';
import { findByUuid } from './recovery-look';
import type { RecoveryActivities } from './recovery-activities';
import { refuse } from './to-failure';
import { callOptions, waitUntil, type Look } from './wait';

type Input = HostStepInput & { cluster: PlannedCluster };

/** A task that failed so often is not begun again: every one of them stands in vCenter's Recent Tasks. */
const MOST_FAILURES = 10;

/** Takes a failed host out of the inventory (R20). */
export function createRecoveryRemovalActivities(findSite: FindSite): Pick<RecoveryActivities, 'vtaEnsureHostRemoved'> {
  return {
    async vtaEnsureHostRemoved(input) {
      const site = findSite(input);
      const { host: planned, pace } = input;
      const found = await find(site, planned, pace);
      if (found !== undefined) await requirePrivileges(site, planned, pace);
      if (found?.connectionState === 'connected' && !found.inMaintenanceMode) {
        await requirePeer(site, input, found);
        await ensureMaintenanceMode(site, { ...input, host: { ...planned, id: found.id }, inMaintenanceMode: true });
      }
      const failures = { count: 0 };
      return await waitUntil({
        what: `The removal of ${planned.name} from the inventory`,
        code: 'VTA_HOST_NOT_REMOVED',
        pace,
        deadlineMs: pace.maintenanceMode.deadlineMs,
        remedy: `Look at its tasks in vCenter, or remove it there yourself, then decide "retry": a host that is gone is gone.`,
        async look(remember, remembered, late) {
          try {
            return await look(site, input, failures, { remember, remembered, late });
          } catch (error) {
            // Gone between two calls: by our own task whose answer was lost, or by somebody who was faster.
            if (!(error instanceof ApiFault) || remedyOf(error) !== 'gone') throw error;
            return { pending: 'it is just leaving the inventory' };
          }
        },
      });
    },
  };
}

async function look(
  site: Site,
  input: Input,
  failures: { count: number },
  memory: { remember: (details: Begun) => void; remembered: unknown; late: boolean },
): Promise<Look<{ removedAt: string }>> {
  const { host: planned, pace } = input;
  const { vim } = await site.connections.vCenter(planned.vCenter);
  const options = callOptions(pace);
  const host = await find(site, planned, pace);
  if (host === undefined) return { done: { removedAt: await vim.server.currentTime(options) } };
  const object = { type: 'HostSystem', id: host.id };
  const task = await lookAtTasks(vim, [{ object }], memory.remembered, options);
  if (task.kind === 'running') return { pending: task.pending };
  if (task.kind === 'failed') {
    failures.count += 1;
    if (isFinal(task.fault) || failures.count >= MOST_FAILURES)
      throw refuse(
        'VTA_HOST_NOT_REMOVED',
        `${planned.name} could not be removed: ${task.fault.message}. It is ${host.connectionState} and still in the inventory. Remove the cause, then decide "retry".`,
      );
  }
  if (memory.late) return { pending: `it is ${host.connectionState}; nothing is begun any more after the deadline` };
  await requirePeer(site, input, host);
  await requireEmpty(site, planned, host, pace);
  if (host.connectionState === 'disconnected') {
    const { id } = await vim.clusterMembership.removeHost(host.id, options);
    memory.remember({ stage: 'removed', task: id });
  } else {
    const { id } = await vim.hostOperations.disconnect(host.id, options);
    memory.remember({ stage: 'disconnected', task: id });
  }
  return { pending: `it is ${host.connectionState}` };
}

/** The host of this hardware UUID. One whose UUID the vCenter does not tell is never removed. */
async function find(site: Site, planned: PlannedHost, pace: Input['pace']): Promise<HostSystem | undefined> {
  const host = await findByUuid(site, planned, pace);
  if (host !== undefined && host.uuid === undefined)
    throw refuse(
      'VTA_HOST_REPLACED',
      `${planned.vCenter} does not tell the hardware UUID of ${planned.name} (${planned.id}), so it is not certain to be the machine that was planned. It was not removed. Remove it yourself if it is, then decide "retry".`,
    );
  return host;
}

/** A host that we may remove and not add again would be out for good: what it takes is asked for before the first step. */
async function requirePrivileges(site: Site, { name, vCenter, role }: PlannedHost, pace: Input['pace']): Promise<void> {
  const lacking = await findMissingPrivileges(site, pace, forRecovery(role === 'trusted' ? role : 'trust-authority'));
  const here = lacking.find(({ subject }) => subject === `vCenter ${vCenter}`);
  if (here === undefined) return;
  throw refuse('VTA_PRIVILEGE_MISSING', `${name} was not removed. ${here.message} ${here.remedy}`);
}

/** N8: while no other Trust Authority Host serves, taking this one out for good would end attestation. */
async function requirePeer(site: Site, { host, cluster, pace }: Input, now: HostSystem): Promise<void> {
  const is = `It is ${now.connectionState}${now.inMaintenanceMode ? ', in maintenance mode' : ''}.`;
  if (host.role === 'trusted') {
    if ((await attestedPeers(site, host, cluster.id, pace)) > 0) return;
    throw refuse(
      'VTA_HOST_NOT_REMOVED',
      `${host.name} was not removed: no other host of ${cluster.name} is connected, in service and attested. ${is} Bring one to health, then decide "retry".`,
    );
  }
  if ((await servingPeers(site, host, cluster.id, pace)) > 0) return;
  throw refuse(
    'VTA_NO_HEALTHY_PEER',
    `${host.name} was not removed: no other Trust Authority Host of ${cluster.name} is connected, in service and running attestd and kmxd. ${is} Bring one to health, then decide "retry".`,
  );
}

/** With the host its virtual machines leave the inventory: only those that are off, and none of a Trusted Host. */
async function requireEmpty(site: Site, planned: PlannedHost, host: HostSystem, pace: Input['pace']): Promise<void> {
  const { vim } = await site.connections.vCenter(planned.vCenter);
  if (host.connectionState === 'connected' && !host.inMaintenanceMode)
    throw refuse(
      'VTA_HOST_NOT_REMOVED',
      `${planned.name} was not removed: it is connected and not in maintenance mode any more, so somebody took it out. Find out who, then decide "retry".`,
    );
  if (planned.role === 'trusted' && lacksAttestation(planned, host))
    throw refuse(
      'VTA_HOST_NOT_REMOVED',
      `${planned.name} was not removed: it is connected, runs its new build and does not attest, and a Trusted Host is never rolled back for that (R25). Decide "retry": it is looked at again.`,
    );
  const machines = await vim.virtualMachines.ofHost(host.id, callOptions(pace));
  if (planned.role === 'trusted' && machines.length > 0)
    throw refuse(
      'VTA_HOST_NOT_REMOVED',
      `${planned.name} was not removed: by its vCenter these virtual machines are on it and would leave the inventory with it: ${machines.map(({ name, powerState }) => `${name} (${powerState})`).join(', ')}. It is ${host.connectionState}. Move them, or take them out of the inventory if they run elsewhere, then decide "retry".`,
    );
  const running = machines.filter(({ powerState }) => powerState !== 'poweredOff');
  if (running.length === 0) return;
  throw refuse(
    'VTA_HOST_NOT_REMOVED',
    `${planned.name} was not removed: by its vCenter these virtual machines are on it and not powered off: ${running.map(({ name, powerState }) => `${name} (${powerState})`).join(', ')}. It is ${host.connectionState}. Move them, power them off, or take them out of the inventory if they run elsewhere, then decide "retry".`,
  );
}
