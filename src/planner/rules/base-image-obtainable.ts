import type { Inventory } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import type { UpgradeRequest } from '../../model/request';
import { imageKey } from '../image-key';
import { nameList } from '../name-list';
import { runScope, type ClusterInRun } from '../run-scope';
import { compareEsxi } from '../versions';
import type { Rule } from './rule';
import { exportTroubles, hostNotFound, upgradedHostTroubles, type Trouble } from './upgraded-reference-host';

/**
 * R4: each image of Trusted Hosts must become known to the Trust Authority Cluster, so there must be a way to get it
 * before any of them is touched. That a trusted base image has the same version would prove nothing (R6).
 */
export const baseImageObtainable: Rule = (request, inventory) => {
  const { baseImage } = request;
  const { clusters } = runScope(request, inventory);
  const working = clusters.filter(({ phase, toUpgrade }) => phase === 4 && toUpgrade.length > 0);
  const upgrades = baseImage.from === 'reference-host' && baseImage.upgrade === true;
  // A run without phases may be about the reference host alone.
  if (working.length === 0 && !(upgrades && request.phases.length === 0)) return [];
  const troubles =
    upgrades && baseImage.from === 'reference-host'
      ? upgradedHostTroubles(baseImage.host, request, inventory, clusters)
      : sourceTroubles(request, inventory, working);
  return [...oneImageOnly(request, working), ...troubles].map(({ message, remedy }): Finding => ({
    code: 'VTA_BASE_IMAGE_UNOBTAINABLE',
    subject: 'baseImage',
    message,
    remedy,
  }));
};

/** R6: a file, and a reference host, stand for one image. */
function oneImageOnly({ baseImage }: UpgradeRequest, working: ClusterInRun[]): Trouble[] {
  const images = new Set(working.flatMap(({ target }) => (target === undefined ? [] : [imageKey(target.image)])));
  if (baseImage.from === 'first-host' || images.size < 2) return [];
  const source = baseImage.from === 'file' ? 'A file holds' : 'A reference host runs';
  return [
    {
      message: `${source} one base image, and the clusters ${nameList(working.map(({ cluster }) => cluster.name))} get ${images.size} different ones.`,
      remedy: 'Use "first-host", which takes care of each image, or give the clusters the same image.',
    },
  ];
}

function sourceTroubles({ baseImage }: UpgradeRequest, inventory: Inventory, working: ClusterInRun[]): Trouble[] {
  switch (baseImage.from) {
    case 'first-host':
      return exportTroubles(inventory, 'the first upgraded Trusted Host of each image');
    case 'reference-host':
      return [
        ...exportTroubles(inventory, baseImage.host),
        ...referenceHostTroubles(baseImage.host, inventory, working),
      ];
    case 'file':
      return fileTroubles(baseImage.name, inventory);
  }
}

function referenceHostTroubles(name: string, { referenceHost }: Inventory, working: ClusterInRun[]): Trouble[] {
  if (referenceHost === undefined || 'missing' in referenceHost) return [hostNotFound(name, referenceHost)];
  const troubles: Trouble[] = [];
  if (referenceHost.connection !== 'connected') {
    troubles.push({
      message: `Reference host ${name} is not connected to ${referenceHost.vCenter} (${referenceHost.connection}).`,
      remedy: 'Reconnect it, or name another host that runs the image.',
    });
  }
  const other = working.find(
    ({ target }) => target?.esxi !== undefined && compareEsxi(referenceHost, target.esxi) !== 0,
  );
  if (other?.target !== undefined) {
    const { version, build } = referenceHost;
    troubles.push({
      message: `Reference host ${name} runs ${version} build ${build}, not the target ${other.target.image.baseImage} of ${other.cluster.name}.`,
      remedy:
        'Upgrade the reference host to the target image first (a test host in a reference cluster can be upgraded by the run: "upgrade": true), or name another one.',
    });
  }
  return troubles;
}

function fileTroubles(name: string, { baseImageFile }: Inventory): Trouble[] {
  if (baseImageFile !== undefined && !('missing' in baseImageFile)) return [];
  const why = baseImageFile === undefined ? 'was not found' : `cannot be used: ${baseImageFile.missing}`;
  return [
    {
      message: `Base image file ${name} ${why}.`,
      remedy: 'Put the exported file into the "base-images" directory of the archive, under this name.',
    },
  ];
}
