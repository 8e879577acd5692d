import type { Finding } from '../../model/plan';
import { leftInMaintenanceMode } from '../left-in-maintenance-mode';
import { planLeftovers } from '../leftovers';
import { isAtWork } from '../open-children';
import { runScope, type ClusterInRun } from '../run-scope';
import { compareEsxi } from '../versions';
import type { Rule } from './rule';
import { windowLongEnough } from './window-long-enough';

/** R13: a workload vCenter that we do not know may have hosts that attest with any of the trusted images. */
const unknownConsumers: Rule = (_request, { trustAuthority, trusted }) => {
  const known = trusted.map(({ principal }) => principal.issuer);
  return trustAuthority.services.consumerPrincipals
    .filter(({ issuer }) => !known.includes(issuer))
    .map(({ issuer, name }) => ({
      code: 'VTA_UNKNOWN_CONSUMER',
      subject: `consumer ${name}`,
      message:
        `A vCenter that the infrastructure file does not name uses this Trust Authority Cluster: ${name} (issuer ` +
        `${issuer}). Its hosts are not upgraded, and no base image will be removed while it is unknown.`,
      remedy:
        'Add the vCenter to "trusted", or remove the principal from the Trust Authority Cluster if it is a relic.',
    }));
};

/** R33: what a re-added Trust Authority Host could not be given back. */
const notRestorable: Rule = (_request, { notRestorable: items, trustAuthority }) => [
  ...items.map(({ what, why }): Finding => ({
    code: 'VTA_NOT_RESTORABLE',
    subject: what,
    message: `A Trust Authority Host that had to be added again could not be given ${what}: ${why}.`,
    remedy: 'Approving the plan accepts this; or supply it in the infrastructure file or the archive first.',
  })),
  ...trustAuthority.services.baseImages
    .filter(({ hasFile }) => !hasFile)
    .map(({ version, displayName }): Finding => ({
      code: 'VTA_NOT_RESTORABLE',
      subject: `base image ${version}`,
      message: `The archive holds no file of the trusted base image ${version} (${displayName}): it could not be imported again.`,
      remedy: 'Approving the plan accepts this; or put its file into the "base-images" directory of the archive first.',
    })),
];

/** R20-R24: what a failed Trust Authority Host could not be brought back for: no account on it, or too few privileges. */
const notRecoverable: Rule = (request, inventory) => {
  const { lackingForRecovery: lacking = [] } = inventory;
  if (inventory.canExportBaseImages && lacking.length === 0) return [];
  const hosts = runScope(request, inventory).clusters.some(
    ({ cluster, toUpgrade }) => cluster.role === 'trust-authority' && toUpgrade.length > 0,
  );
  if (!hosts) return [];
  if (lacking.length > 0)
    return lacking.map((message) => ({
      code: 'VTA_NOT_RECOVERABLE',
      subject: 'recovery of a Trust Authority Host',
      message: `${message} A Trust Authority Host that fails could not be brought back by the run.`,
      remedy: 'Approving the plan accepts this; or give the account what it lacks first (docs/permissions.md).',
    }));
  return [
    {
      code: 'VTA_NOT_RECOVERABLE',
      subject: 'recovery of a Trust Authority Host',
      message:
        'No account for ESXi hosts is configured: a Trust Authority Host that fails could not be added again by the run.',
      remedy: 'Approving the plan accepts this; or configure "esxi" first.',
    },
  ];
};

/** What a failed Trusted Host could not be brought back for, where the request allows that it is. */
const trustedNotRecoverable: Rule = (request, inventory) => {
  const { lackingForTrustedRecovery: lacking = [], canExportBaseImages } = inventory;
  const hosts = working(runScope(request, inventory).clusters).filter(({ cluster }) => cluster.role === 'trusted');
  if (request.recoverTrustedHosts !== true || hosts.length === 0) return [];
  const subject = 'recovery of a Trusted Host';
  const alone = hosts
    .filter(({ cluster }) => cluster.hosts.length < 2)
    .map(({ cluster }): Finding => ({
      code: 'VTA_NOT_RECOVERABLE',
      subject,
      message: `Cluster ${cluster.name} has one host: a Trusted Host that is the only one of its cluster is never removed.`,
      remedy: 'Approving the plan accepts this.',
    }));
  if (!canExportBaseImages)
    return [
      {
        code: 'VTA_NOT_RECOVERABLE',
        subject,
        message:
          'The request allows that a failed Trusted Host is brought back, but no account for ESXi hosts is configured: it could not be added again by the run.',
        remedy: 'Approving the plan accepts this; or configure "esxi" first.',
      },
    ];
  return [
    ...lacking.map((message): Finding => ({
      code: 'VTA_NOT_RECOVERABLE',
      subject,
      message: `${message} A Trusted Host that fails could not be brought back by the run, although the request allows it.`,
      remedy: 'Approving the plan accepts this; or give the account what it lacks first (docs/permissions.md).',
    })),
    ...alone,
  ];
};

const vCenterWithoutBackup: Rule = (request, inventory) =>
  runScope(request, inventory)
    .vCenters.filter(({ upgradeTo, vCenter }) => upgradeTo !== undefined && vCenter.backup === undefined)
    .map(({ vCenter }) => ({
      code: 'VTA_NO_VCENTER_BACKUP',
      subject: `vCenter ${vCenter.name}`,
      message: `No backup of ${vCenter.name} is configured: it is updated without one.`,
      remedy: 'Configure "backup" with a location, or with "elsewhere" and a reason if somebody else takes it.',
    }));

const vCenterYellow: Rule = (request, inventory) =>
  runScope(request, inventory)
    .vCenters.filter(({ upgradeTo, vCenter }) => upgradeTo !== undefined && vCenter.health === 'yellow')
    .map(({ vCenter }) => ({
      code: 'VTA_VCENTER_UNHEALTHY',
      subject: `vCenter ${vCenter.name}`,
      message: `The health of ${vCenter.name} is yellow.`,
      remedy: 'See in its management interface (port 5480) whether that matters for an update.',
    }));

/** R14: Quick Boot and Quick Patch are off while the run lasts, so that every host proves a full boot. */
const quickBootOn: Rule = (request, inventory) =>
  working(runScope(request, inventory).clusters).flatMap(({ phase, cluster }): Finding[] => {
    const settings = [
      { name: 'Quick Boot', value: cluster.quickBoot },
      { name: 'Quick Patch', value: cluster.quickPatch },
    ];
    const on = settings.filter(({ value }) => value === true).map(({ name }) => name);
    const unknown = settings.filter(({ value }) => value === 'unknown').map(({ name }) => name);
    if (on.length + unknown.length === 0) return [];
    const known = on.length === 0 ? [] : [`${on.join(' and ')} ${on.length === 1 ? 'is' : 'are'} on`];
    const unread =
      unknown.length === 0
        ? []
        : [`it could not be read whether ${unknown.join(' and ')} ${unknown.length === 1 ? 'is' : 'are'} on`];
    return [
      {
        code: 'VTA_QUICK_BOOT_ON',
        subject: `cluster ${cluster.name}`,
        ...(request.quickBoot === 'keep' && phase !== 'reference'
          ? {
              message: `In cluster ${cluster.name} ${[...known, ...unread].join(', and ')}. Quick Boot stays as it is, Quick Patch is off while the run lasts.`,
              remedy:
                'Approving the plan accepts this: a host that boots so goes on attesting with the image of its last full boot, which must stay trusted.',
            }
          : {
              message: `In cluster ${cluster.name} ${[...known, ...unread].join(', and ')}. It is off while the run lasts and restored after it.`,
              remedy: 'Nothing: hosts upgraded by Quick Boot would attest with the image of their last full boot.',
            }),
      },
    ];
  });

const drsOff: Rule = (request, inventory) =>
  working(runScope(request, inventory).clusters)
    .filter(
      ({ cluster, toUpgrade }) => cluster.drsEnabled === false && toUpgrade.some(({ runningVms }) => runningVms > 0),
    )
    .map(({ cluster }) => ({
      code: 'VTA_DRS_OFF',
      subject: `cluster ${cluster.name}`,
      message: `DRS is off in cluster ${cluster.name}: no running virtual machine leaves a host by itself, and maintenance mode waits for that.`,
      remedy: 'Switch DRS on, or be there to move the machines when the run waits for them.',
    }));

/** R25: attestation may fail for want of the very image that the run brings; so it is a warning, and the host goes first. */
const notAttested: Rule = (request, inventory) =>
  working(runScope(request, inventory).clusters)
    .filter(({ phase }) => phase === 4)
    .flatMap(({ toUpgrade }) => toUpgrade)
    .filter(({ name, attestation }) => attestation !== 'attested' && !isAtWork(inventory, 'host', name))
    .map(({ name, attestation }) => ({
      code: 'VTA_HOST_NOT_ATTESTED',
      subject: `host ${name}`,
      message: `Trusted Host ${name} ${attestation === 'unknown' ? 'is not known to attest' : 'does not attest'} now. It goes first, and the run waits for its attestation before it touches another one.`,
      remedy: 'If the reason is not its base image, find it before the run: the upgrade will not cure it.',
    }));

/**
 * R16: exported from a host that was Quick Booted, the file holds the metadata of the image that runs now, and not of the
 * one that was measured at the last full boot. What the run boots itself is booted fully.
 */
const exportAfterQuickBoot: Rule = (request, inventory) => {
  const { baseImage } = request;
  const { referenceHost } = inventory;
  if (baseImage.from !== 'reference-host' || referenceHost === undefined || 'missing' in referenceHost) return [];
  const { clusters } = runScope(request, inventory);
  const taught =
    clusters.find(({ phase }) => phase === 'reference') ?? working(clusters).find(({ phase }) => phase === 4);
  const esxi = taught?.target?.esxi;
  if (esxi === undefined || compareEsxi(referenceHost, esxi) !== 0) return [];
  const { name, version, build } = referenceHost;
  return [
    {
      code: 'VTA_EXPORT_AFTER_QUICK_BOOT',
      subject: `reference host ${name}`,
      message: `${name} runs ${version} build ${build} already, and how it last booted is not known. If by Quick Boot, ESXi says so when its base image is exported, and the file holds the metadata of the image that it runs now, not of the one that it booted fully.`,
      remedy:
        'Nothing, for Trusted Hosts that the run boots fully: they attest with the image that runs. Hosts that were Quick Booted to it do not attest by this file until they are rebooted fully.',
    },
  ];
};

/** R10: somebody put the host into maintenance mode, and the run takes it out again if other hosts follow. */
const foundInMaintenanceMode: Rule = (request, inventory) => {
  const { clusters } = runScope(request, inventory);
  return clusters.flatMap(({ phase, toUpgrade }) => {
    const followed = clusters.filter((other) => other.phase === phase).flatMap((other) => other.toUpgrade).length > 1;
    return toUpgrade
      .filter(({ name, inMaintenanceMode }) => inMaintenanceMode && !isAtWork(inventory, 'host', name))
      .filter((host) => leftInMaintenanceMode(inventory, host) === undefined)
      .map(({ name }): Finding => {
        const after = followed
          ? 'and is taken out of it once it is done, since other hosts follow and never two are out'
          : 'and is left in it when it is done';
        return {
          code: 'VTA_HOST_IN_MAINTENANCE_MODE',
          subject: `host ${name}`,
          message: `Host ${name} is in maintenance mode already, by somebody's hand. It goes first in its phase ${after}.`,
          remedy: 'If that is not what whoever put it there wants, do not approve the plan.',
        };
      });
  });
};

/** R14: what an earlier run changed for a while and did not put back. What is in order by now stands in the plan only. */
const leftBehind: Rule = (request, inventory) =>
  planLeftovers(request, inventory)
    .filter(({ action }) => action !== 'settle')
    .map(({ change: { kind, subject }, action, sentence }) => ({
      code: 'VTA_LEFT_BEHIND',
      subject: `${kind === 'apply-policy' || kind === 'draft' ? 'cluster' : 'host'} ${subject.name}`,
      message: sentence,
      remedy:
        action === 'keep'
          ? 'See to it yourself; this run leaves it as it is.'
          : 'Nothing, if that is right. If it is not, put it in order yourself and ask for a new plan.',
    }));

/** What is remarked on a plan that only brings a host back: the rest is planned anew. */
export const BRING_BACK_WARNINGS: readonly Rule[] = [notRestorable, leftBehind];

function working(clusters: ClusterInRun[]): ClusterInRun[] {
  return clusters.filter(({ toUpgrade }) => toUpgrade.length > 0);
}

/** Every rule that remarks on a plan without standing against it. Whoever approves the plan has read the remarks. */
export const WARNING_RULES: readonly Rule[] = [
  unknownConsumers,
  notRestorable,
  notRecoverable,
  trustedNotRecoverable,
  vCenterWithoutBackup,
  vCenterYellow,
  quickBootOn,
  drsOff,
  notAttested,
  exportAfterQuickBoot,
  foundInMaintenanceMode,
  leftBehind,
  windowLongEnough,
];
