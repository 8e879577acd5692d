import { nearest } from '../../model/nearest';
import type { Rule } from './rule';

/** A target for a cluster that the infrastructure does not have is a slip, not a wish to be ignored. */
export const clustersKnown: Rule = ({ target }, { trustAuthority, trusted }) => {
  if (target.esxi === 'desired' || !('byCluster' in target.esxi)) return [];
  const known = [
    trustAuthority.cluster,
    ...trusted.flatMap(({ clusters, referenceClusters = [] }) => [...clusters, ...referenceClusters]),
  ].map(({ name }) => name);
  return Object.keys(target.esxi.byCluster)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      return {
        code: 'VTA_CLUSTER_NOT_FOUND',
        subject: `target.esxi["${name}"]`,
        message: `The infrastructure has no cluster "${name}"; it has ${known.map((one) => `"${one}"`).join(', ')}.`,
        remedy: meant === undefined ? 'Name one of these clusters.' : `Write "${meant}" if that was meant.`,
      };
    });
};
