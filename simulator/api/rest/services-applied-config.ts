import {
  appliedHealth,
  appliedServices,
  remediateApplied,
  removeApplied,
  type AppliedService,
} from '../../world/applied-config';
import { Fault } from '../../world/fault';
import { sameAddress, type ServiceKind } from '../../world/registered-services';
import type { Cluster } from '../../world/state';
import type { NetworkAddress } from '../../world/trust-state';
import { asTask, taskRoute, type RestCall, type RestRoute, type TaskReply } from './route';
import { chain, pathValue, passes, wireAddress } from './trust-wire';
import { operation } from './operation';

const TRUSTED = 'com.vmware.vcenter.trusted_infrastructure.trusted_clusters';

interface FilterSpec {
  health?: string[];
  address?: NetworkAddress[];
}

/** …/services-applied-config of a cluster, whole and for each kind of service. */
export const servicesAppliedConfigRoutes: readonly RestRoute[] = [
  taskRoute(`${TRUSTED}.services_applied_config.get$task`, idleCluster, ({ world, vCenter }, cluster) =>
    appliedHealth(world, vCenter, cluster),
  ),
  changeRoute(`${TRUSTED}.services_applied_config.update$task`, ({ world, vCenter }, cluster) =>
    remediateApplied(world, vCenter, cluster),
  ),
  changeRoute(`${TRUSTED}.services_applied_config.delete$task`, ({ world, vCenter }, cluster) =>
    removeApplied(world, vCenter, cluster),
  ),
  ...routesOf('attestation'),
  ...routesOf('kms'),
];

function routesOf(kind: ServiceKind): RestRoute[] {
  const service = `${TRUSTED}.${kind}.services_applied_config`;
  return [
    taskRoute(
      `${service}.list$task`,
      (call: RestCall<FilterSpec | undefined>) => idleCluster(call),
      ({ world, vCenter, body }, cluster) =>
        appliedServices(world, vCenter, cluster, kind)
          .filter(({ health }) => passes<string>(body?.health, health))
          .filter(({ address }) => !body?.address?.length || body.address.some((one) => sameAddress(one, address)))
          .map(summary),
    ),
    taskRoute(
      `${service}.get$task`,
      (call) => {
        const { hostname, port } = call.query as { hostname: string; port?: number };
        // The operation of kms declares RESOURCE_BUSY, its twin does not.
        const cluster = call.operation.errors.includes('RESOURCE_BUSY') ? idleCluster(call) : clusterOf(call);
        const wanted = { hostname, ...(port === undefined ? {} : { port }) };
        const found = appliedServices(call.world, call.vCenter, cluster, kind).find(({ address }) =>
          sameAddress(address, wanted),
        );
        if (!found) throw new Fault('NOT_FOUND', `No ${kind} service at ${hostname} is configured.`);
        return found;
      },
      (_call, found) => ({
        ...summary(found),
        groups: found.groups,
        trustedc_as: found.trustedCAs.map(chain),
        details: found.details,
      }),
    ),
    changeRoute(`${service}.update$task`, ({ world, vCenter }, cluster) =>
      remediateApplied(world, vCenter, cluster, [kind]),
    ),
    changeRoute(`${service}.delete$task`, ({ world, vCenter }, cluster) =>
      removeApplied(world, vCenter, cluster, [kind]),
    ),
  ];
}

function summary({ health, address, service }: AppliedService): Record<string, unknown> {
  return { health, address: wireAddress(address), ...(service === undefined ? {} : { service }) };
}

/** A task that holds its cluster: a second one meanwhile is RESOURCE_BUSY (documented: ongoing mutating operations). */
function changeRoute(key: string, change: (call: RestCall, cluster: Cluster) => void): RestRoute {
  return {
    operation: operation(key),
    handle: (call): TaskReply => {
      const { changingTrust, settings } = call.world;
      const lock = lockOf(call);
      const early = settings.switches.errorsAt === 'submit' ? idleCluster(call) : null;
      return asTask(call, {}, async (task) => {
        const cluster = early ?? idleCluster(call);
        if (changingTrust.has(lock)) throw busy();
        changingTrust.add(lock);
        try {
          await task.sleep(settings.durations.taskWork);
          change(call, cluster);
        } finally {
          changingTrust.delete(lock);
        }
      });
    },
  };
}

/** The cluster of a call, nobody changing its trust configuration. @throws Fault NOT_FOUND, RESOURCE_BUSY */
function idleCluster(call: RestCall): Cluster {
  const cluster = clusterOf(call);
  if (call.world.changingTrust.has(lockOf(call))) throw busy();
  return cluster;
}

function clusterOf(call: RestCall): Cluster {
  return call.world.clusterByMoid(call.vCenter, pathValue(call, 'cluster'));
}

function lockOf(call: RestCall): string {
  return `${call.vCenter.id} ${pathValue(call, 'cluster')}`;
}

function busy(): Fault {
  return new Fault('RESOURCE_BUSY', 'The trust configuration of the cluster is being changed.');
}
