import type { Infrastructure, VCenterEndpoint } from '../src/model/infrastructure';
import type { ClusterRole } from '../src/model/inventory';
import { problemAt, writePath, type InputPath, type InputProblem, type Locate } from '../src/model/input-problem';

interface NamedCluster {
  infrastructure: string;
  role: ClusterRole;
  url: string;
  cluster: string;
  path: InputPath;
}

/**
 * Checks that no cluster stands in the file twice: neither as Trust Authority Cluster and Trusted Cluster at once
 * (R35), nor as a reference cluster beside, nor in two infrastructures, whose runs would not know of each other; and that a workload vCenter has one entry
 * and a name of its own.
 */
export function checkClustersDiffer(infrastructures: Infrastructure[], locate: Locate): InputProblem[] {
  const clusters = infrastructures.flatMap(clustersOf);
  return [
    ...clusters.flatMap((cluster, index) => {
      const earlier = clusters.slice(0, index).find((other) => isSame(cluster, other));
      return earlier === undefined ? [] : [problemAt(cluster.path, describeClash(cluster, earlier), locate)];
    }),
    ...infrastructures.flatMap((infrastructure) => repeatedVCenters(infrastructure, locate)),
    ...infrastructures.flatMap((infrastructure) => repeatedNames(infrastructure, locate)),
  ];
}

function clustersOf({ name, trustAuthority, trusted }: Infrastructure): NamedCluster[] {
  const at = ['infrastructures', name];
  return [
    {
      infrastructure: name,
      role: 'trust-authority',
      url: trustAuthority.vCenter.url,
      cluster: trustAuthority.cluster,
      path: [...at, 'trustAuthority', 'cluster'],
    },
    ...trusted.flatMap(({ vCenter: { url }, clusters, referenceClusters = [] }, entry) => {
      const named = (role: ClusterRole, key: string, names: string[]) =>
        names.map((cluster, index): NamedCluster => {
          return { infrastructure: name, role, url, cluster, path: [...at, 'trusted', entry, key, index] };
        });
      return [...named('trusted', 'clusters', clusters), ...named('reference', 'referenceClusters', referenceClusters)];
    }),
  ];
}

function isSame(one: NamedCluster, other: NamedCluster): boolean {
  return one.url === other.url && one.cluster === other.cluster;
}

function describeClash(cluster: NamedCluster, earlier: NamedCluster): string {
  if (cluster.infrastructure !== earlier.infrastructure) {
    return `the same cluster of the same vCenter belongs to the infrastructure "${earlier.infrastructure}" already`;
  }
  if (cluster.role !== earlier.role && cluster.role === 'reference')
    return 'a reference cluster is neither the Trust Authority Cluster nor a Trusted Cluster';
  if (cluster.role !== earlier.role) return 'a Trusted Cluster cannot be its own Trust Authority Cluster';
  return `stands at ${writePath(earlier.path)} already`;
}

function repeatedVCenters({ name, trusted }: Infrastructure, locate: Locate): InputProblem[] {
  const urls = trusted.map(({ vCenter }) => vCenter.url);
  return urls.flatMap((url, index) => {
    const first = urls.indexOf(url);
    if (first === index) return [];
    const message = `is the vCenter of trusted[${first}] already: list its clusters there`;
    return [problemAt(['infrastructures', name, 'trusted', index, 'vCenter', 'url'], message, locate)];
  });
}

/** Plans, locks and connections tell vCenters apart by name: one that is given must not be that of another vCenter. */
function repeatedNames({ name, trustAuthority, trusted }: Infrastructure, locate: Locate): InputProblem[] {
  const at = ['infrastructures', name];
  const all: { vCenter: VCenterEndpoint; path: InputPath }[] = [
    { vCenter: trustAuthority.vCenter, path: [...at, 'trustAuthority', 'vCenter'] },
    ...trusted.map(({ vCenter }, index) => ({ vCenter, path: [...at, 'trusted', index, 'vCenter'] })),
  ];
  const called = ({ name: given, url }: VCenterEndpoint) => given ?? new URL(url).host;
  return all.flatMap(({ vCenter, path }) => {
    const clash = all.some((other) => other.vCenter.url !== vCenter.url && called(other.vCenter) === called(vCenter));
    return clash && vCenter.name !== undefined
      ? [problemAt([...path, 'name'], 'is the name of another vCenter of this infrastructure too', locate)]
      : [];
  });
}
