import type { Finding } from '../../model/plan';
import { esxiTargetOf, runScope } from '../run-scope';
import type { Rule } from './rule';

/** R11: hosts are upgraded through the image of their cluster, so the cluster must have one. */
export const clustersImageManaged: Rule = (request, inventory) =>
  runScope(request, inventory).clusters.flatMap(({ phase, cluster }): Finding[] => {
    if (!cluster.imageManaged) {
      return [
        {
          code: 'VTA_CLUSTER_NOT_IMAGE_MANAGED',
          subject: `cluster ${cluster.name}`,
          message:
            `Cluster ${cluster.name} on ${cluster.vCenter} is managed by baselines. Clusters managed by baselines are ` +
            `not supported yet: no REST API upgrades their hosts.`,
          remedy:
            `Let vSphere Lifecycle Manager manage it by an image (Updates > Image > Manage with a single image), ` +
            (phase === 'reference'
              ? 'or name a reference host of another cluster.'
              : `or leave phase ${phase} out with a reason and upgrade these hosts by other means.`),
        },
      ];
    }
    if (esxiTargetOf(request, cluster) !== 'desired' || cluster.desiredImage !== undefined) return [];
    return [
      {
        code: 'VTA_DESIRED_IMAGE_MISSING',
        subject: `cluster ${cluster.name}`,
        message: `Cluster ${cluster.name} on ${cluster.vCenter} is to go to its desired image, and none could be read.`,
        remedy: 'Set up an image for the cluster in vSphere Lifecycle Manager, or name one in "target.esxi".',
      },
    ];
  });
