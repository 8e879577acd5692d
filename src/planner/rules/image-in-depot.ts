import type { Finding } from '../../model/plan';
import { nameList } from '../name-list';
import { runScope } from '../run-scope';
import { compareVersions, removesTrustAuthority } from '../versions';
import type { Rule } from './rule';

/** An image can be committed only from what is in the depot of its vCenter, and must tell which build hosts will run. */
export const imageInDepot: Rule = (request, inventory) =>
  runScope(request, inventory).clusters.flatMap(({ cluster, vCenter, target }): Finding[] => {
    if (target === undefined || removesTrustAuthority(target.image.baseImage)) return [];
    const { baseImage } = target.image;
    const subject = `cluster ${cluster.name}`;
    if (target.esxi === undefined) {
      return [
        {
          code: 'VTA_TARGET_NOT_AVAILABLE',
          subject,
          message: `The base image version ${baseImage} does not tell which ESXi build hosts run with it.`,
          remedy: 'Choose a base image with a version such as 8.0.3-0.0.24674464.',
        },
      ];
    }
    if (!target.commitImage || vCenter.depotBaseImages.includes(baseImage)) return [];
    const newestFirst = vCenter.depotBaseImages.toSorted((one, other) => compareVersions(other, one) ?? 0);
    const has = newestFirst.length === 0 ? 'no base image' : nameList(newestFirst);
    return [
      {
        code: 'VTA_TARGET_NOT_AVAILABLE',
        subject,
        message: `The depot of ${vCenter.name} does not hold base image ${baseImage}; it holds ${has}.`,
        remedy: `Import the offline bundle of this release into vSphere Lifecycle Manager of ${vCenter.name}, or choose another base image.`,
      },
    ];
  });
