import { attestationOf } from '../../world/attestation';
import type { World } from '../../world/world';

/** Members that GET /world leaves out, wherever they are. */
const SECRETS = new Set(['password', 'rootPassword', 'clientKey', 'pendingKey']);

/** The whole world as JSON: state without secrets, open sessions, tasks, faults and the log of events. */
export function worldView(world: World): unknown {
  return {
    now: new Date(world.clock.now()).toISOString(),
    settings: world.settings,
    ...withoutSecrets({
      vCenters: world.state.vCenters,
      hosts: world.state.hosts.map((host) => ({ ...host, attestationStatus: attestationOf(host) })),
      vms: world.state.vms,
      keyServers: world.state.keyServers,
    }),
    tasks: world.tasks
      .list()
      .map(({ id, kind, vCenter, service, operation, state, user, target, progress, fault }) => ({
        id,
        kind,
        vCenter,
        service,
        operation,
        state,
        user,
        target,
        progress,
        error: fault ? { type: fault.type, message: fault.message } : null,
      })),
    faults: world.faults.all(),
    events: world.events.all(),
  };
}

function withoutSecrets<T extends object>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) =>
      SECRETS.has(name) && typeof member === 'string' ? undefined : member,
    ),
  ) as T;
}
