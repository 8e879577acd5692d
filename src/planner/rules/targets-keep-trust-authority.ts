import type { ImageSpecification } from '../../model/image';
import type { Finding } from '../../model/plan';
import { esxiTargetOf, runScope } from '../run-scope';
import { majorOf, removesTrustAuthority } from '../versions';
import type { Rule } from './rule';

/**
 * R37: vSphere Trust Authority is removed in 9.0, and whoever goes there loses the keys of every encrypted machine.
 * Judged by the number alone: asking proves nothing, 9.x still lists the paths of the API. What the request names is
 * refused even where its phase is not run.
 */
export const targetsKeepTrustAuthority: Rule = (request, inventory) => {
  const { vCenter, esxi } = request.target;
  const named: { subject: string; version: string }[] = [
    ...(vCenter === undefined ? [] : [{ subject: 'target.vCenter', version: vCenter }]),
    ...namedImages(esxi).map(({ subject, image }) => ({ subject, version: image.baseImage })),
  ];
  const asTheyStand = runScope(request, inventory).clusters.flatMap(({ phase, cluster, target }) => {
    // It gets what the Trusted Hosts get, which is judged there too, but for a run that upgrades nothing else.
    if (phase === 'reference')
      return target === undefined ? [] : [{ subject: 'image for the reference host', version: target.image.baseImage }];
    if (esxiTargetOf(request, cluster) !== 'desired' || cluster.desiredImage === undefined) return [];
    return [{ subject: `desired image of cluster ${cluster.name}`, version: cluster.desiredImage.baseImage }];
  });
  return [...named, ...asTheyStand].filter(({ version }) => removesTrustAuthority(version)).map(refusal);
};

function namedImages(esxi: Parameters<Rule>[0]['target']['esxi']): { subject: string; image: ImageSpecification }[] {
  if (esxi === 'desired') return [];
  if (!('byCluster' in esxi)) return [{ subject: 'target.esxi', image: esxi }];
  return Object.entries(esxi.byCluster).flatMap(([name, image]) =>
    image === 'desired' ? [] : [{ subject: `target.esxi["${name}"]`, image }],
  );
}

function refusal({ subject, version }: { subject: string; version: string }): Finding {
  const remedy = 'Choose a version of 8.0 (8.0.3 is the last with vSphere Trust Authority), or leave it as it is.';
  const message =
    majorOf(version) === undefined
      ? `${version} is no version that is known to have vSphere Trust Authority.`
      : `${version} has no vSphere Trust Authority: it is removed in 9.0, and with it the keys of every encrypted machine.`;
  return { code: 'VTA_TARGET_REMOVES_TRUST_AUTHORITY', subject, message, remedy };
}
