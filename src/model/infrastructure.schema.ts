import { z } from 'zod';
import { checkInput, inputJsonSchema, shaped } from './check-input.schema';
import type { Infrastructure, VCenterBackup } from './infrastructure';
import type { Checked, Locate } from './input-problem';
import { backupLocation, filePath, httpsUrl, secretReference, thumbprint } from './connection-values.schema';
import { holdChecks } from './hold-check.schema';
import { caFile, tlsTrust, tlsWords } from './tls-trust.schema';
import {
  accountName,
  clusterName,
  distinct,
  duration,
  hostName,
  infrastructureName,
  sentence,
  writtenAs,
} from './written-values.schema';

/** Longest time until an open gate reminds: 30 days. */
const LONGEST_EXPIRY_MS = 720 * 3_600_000;

const password = secretReference.describe('where the password is found: "env:NAME" or "file:PATH"');

const backupElsewhere = z.strictObject({
  elsewhere: sentence.describe('who else takes the backup and when; shown in the plan and approved with it'),
});

const backupHere = z.strictObject({
  location: backupLocation.describe('where vCenter sends its backup, such as "sftp://backup.example.com/ta-vc"'),
  username: accountName.describe('account at the location').exactOptional(),
  password: password.exactOptional(),
  encryption: secretReference.describe('where the password that encrypts the backup is found').exactOptional(),
});

const bothBackups = z.never({ error: 'has both "location" and "elsewhere": it is one or the other' });

const backup = shaped<VCenterBackup>([backupHere, backupElsewhere], (value) => {
  if (typeof value !== 'object' || value === null || !('elsewhere' in value)) return backupHere;
  return 'location' in value ? bothBackups : backupElsewhere;
});

const vCenter = z.strictObject({
  url: httpsUrl.describe('address of the vCenter, such as "https://vc.example.com"'),
  name: hostName.describe('what plans and workflow ids call it; without it the host of the url').exactOptional(),
  username: accountName.describe('account on this vCenter, such as "vta-upgrade@vsphere.local"'),
  password,
  tls: tlsTrust,
  backup: backup.describe("the vCenter's own backup before it is updated; without it every plan warns").exactOptional(),
});

const esxi = z.strictObject({
  username: accountName.describe('account on the ESXi hosts, such as "root"'),
  password,
  tls: z
    .strictObject(
      {
        caFile: caFile.exactOptional(),
        thumbprints: z
          .record(hostName, thumbprint)
          .default({})
          .describe('SHA-256 thumbprint of the one certificate to accept, by host name'),
      },
      tlsWords,
    )
    .default({ thumbprints: {} })
    .describe('how the certificates of the hosts are verified'),
  urls: z.record(hostName, httpsUrl).default({}).describe('address by host name, where a host is not at https://NAME'),
});

const approvals = z
  .strictObject({
    approvers: distinct(accountName).min(1).describe('who may answer gates'),
    required: z.int().min(1).default(1).describe('how many of them a gate needs'),
    expireAfter: duration(LONGEST_EXPIRY_MS)
      .default(72 * 3_600_000)
      .describe('when an open gate reminds, such as "72h"'),
  })
  .superRefine(({ approvers, required }, context) => {
    if (required <= approvers.length) return;
    const message = `asks for more approvals than there are approvers (${approvers.length})`;
    context.addIssue({ code: 'custom', path: ['required'], message });
  })
  .transform(({ expireAfter, ...rest }) => ({ ...rest, expireAfterMs: expireAfter }));

const taskQueue = writtenAs(/^(?=.*\S)\P{Cc}{1,200}$/u, 'must be the name of a task queue');

const keyProviderId = writtenAs(/^(?=.*\S)\P{Cc}{1,200}$/u, 'must be the id of a key provider');

const keyProvider = z.strictObject({
  password: secretReference.describe('where the password of the KMIP user is found').exactOptional(),
  clientKey: secretReference.describe('where the private key of the client certificate is found').exactOptional(),
});

const infrastructure = z
  .strictObject({
    trustAuthority: z.strictObject({
      vCenter: vCenter.describe('the vCenter of the Trust Authority Cluster'),
      cluster: clusterName.describe('name of the Trust Authority Cluster'),
    }),
    trusted: z
      .array(
        z.strictObject({
          vCenter: vCenter.describe('a workload vCenter'),
          clusters: distinct(clusterName).min(1).describe('names of its Trusted Clusters'),
          referenceClusters: distinct(clusterName)
            .min(1)
            .describe('names of clusters with test hosts that a run may upgrade, to export their base image')
            .exactOptional(),
        }),
      )
      .min(1)
      .describe(
        'the workload vCenters that the Trust Authority Cluster serves, in the order in which they are upgraded',
      ),
    esxi: esxi.describe('how ESXi hosts are reached, for the export of base images').exactOptional(),
    keyProviders: z
      .record(keyProviderId, keyProvider)
      .default({})
      .describe('by key provider id: what no API returns and a re-added host needs again'),
    recovery: z
      .strictObject({
        revert: z
          .enum(['operator', 'hook'])
          .default('operator')
          .describe('who brings ESXi back to its old version: a person, or an activity of your own'),
        taskQueue: taskQueue
          .describe('task queue of your own activities vtaRevertHost and vtaRestartService')
          .exactOptional(),
      })
      .superRefine(({ revert, taskQueue: queue }, context) => {
        if (revert !== 'hook' || queue !== undefined) return;
        const message = 'is missing: the activity vtaRevertHost is called on it';
        context.addIssue({ code: 'custom', path: ['taskQueue'], message });
      })
      .default({ revert: 'operator' })
      .describe('how a failed Trust Authority Host is brought back'),
    holds: holdChecks,
    archive: filePath.describe(
      'directory for backups, base images and the audit, shared by all workers of this infrastructure',
    ),
    approvals: approvals.describe('who may answer gates'),
    pace: z
      .strictObject({
        scale: z.number().min(0.001).max(10).default(1).describe('factor on every wait; 1 in production'),
      })
      .default({ scale: 1 }),
  })
  .transform(({ pace, ...rest }) => ({ ...rest, paceScale: pace.scale }));

const file = z
  .strictObject({
    infrastructures: z
      .record(infrastructureName, infrastructure)
      .refine((entries) => Object.keys(entries).length > 0, 'must name at least one infrastructure')
      .describe('the infrastructures that this worker may upgrade, by name'),
  })
  .meta({ title: 'vta-upgrade.yaml', description: 'The infrastructures that a vta-upgrade worker looks after.' });

const infrastructures: z.ZodType<Infrastructure[]> = file.transform((content) =>
  Object.entries(content.infrastructures).map(([name, entry]) => ({ name, ...entry })),
);

/**
 * Checks the content of an infrastructure file. Paths are returned as written; what only the machine can tell (whether
 * a file is there) is checked by the worker.
 * @param locate finds places in the file that it was read from
 */
export function checkInfrastructures(value: unknown, locate?: Locate): Checked<Infrastructure[]> {
  return checkInput(infrastructures, value, locate);
}

/** JSON Schema of the infrastructure file, for editors. */
export function infrastructuresJsonSchema() {
  return inputJsonSchema(file);
}
