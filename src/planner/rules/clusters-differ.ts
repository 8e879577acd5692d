import type { Rule } from './rule';

/** R35: a Trusted Cluster cannot attest itself. */
export const clustersDiffer: Rule = (_request, { trustAuthority, trusted }) =>
  trusted
    .flatMap(({ clusters }) => clusters)
    .filter(({ vCenter, id }) => vCenter === trustAuthority.cluster.vCenter && id === trustAuthority.cluster.id)
    .map(({ name, vCenter, id }) => ({
      code: 'VTA_SAME_CLUSTER',
      subject: `cluster ${name}`,
      message: `Cluster ${name} (${id} on ${vCenter}) is named as Trust Authority Cluster and as Trusted Cluster.`,
      remedy: 'Correct the infrastructure file: the two are always different clusters.',
    }));
