import { z } from 'zod';

import { WORLD_FAULTS, TASK_FAULTS, REQUEST_FAULTS } from '../world/faults';
import { APPLIANCE_ROLES } from '../world/privileges';
import { DEFAULT_DURATIONS, DEFAULT_SWITCHES, SWITCH_CHOICES, type Durations, type Switches } from '../world/settings';

const version = z.string().regex(/^\d+\.\d+\.\d+\.\d{5}$/, 'a vCenter version such as 8.0.3.00500');
const baseImage = z.string().regex(/^\d+\.\d+\.\d+-\d+\.\d+\.\d+$/, 'a base image such as 8.0.3-0.0.24674464');
const hostName = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'a host name');

const image = z.strictObject({
  baseImage,
  addOn: z.strictObject({ name: z.string(), version: z.string() }).optional(),
  components: z.record(z.string(), z.string()).default({}),
  /** Base images from which Quick Patch can go to this one (8.0.3). */
  quickPatchFrom: z.array(baseImage).default([]),
});

const hostFields = {
  /** Name of the image that runs. */
  image: z.string().optional(),
  /** Name of the image of the last full boot, when another one runs by Quick Boot. */
  bootedImage: z.string().optional(),
  /** Name of the image in the other boot bank. */
  previousImage: z.string().optional(),
  vms: z.int().min(0).optional(),
  encryptedVms: z.int().min(0).optional(),
  /** VMs that cannot be moved: the host never gets into maintenance mode while they run. */
  stuckVms: z.int().min(0).optional(),
  connectionState: z.enum(['connected', 'disconnected', 'notResponding']).optional(),
  maintenanceMode: z.boolean().optional(),
  quickBootSupported: z.boolean().optional(),
  secureBoot: z.boolean().optional(),
  tpm: z.boolean().optional(),
  trustLicence: z.boolean().optional(),
  /** Trusted Host: the cluster's trust services were applied to it. TA Host: it has the vTA configuration. */
  trustConfigured: z.boolean().optional(),
};

const hosts = z.strictObject({
  count: z.int().min(1).max(96),
  /** Hosts are named `<prefix>-<n>.<domain>`. */
  prefix: z.string(),
  ...hostFields,
  /** What is different on single hosts, by number (from 1). */
  except: z.record(z.string().regex(/^\d+$/), z.strictObject(hostFields)).default({}),
});

const cluster = z.strictObject({
  name: z.string(),
  hosts,
  /** Managed with one image; false: with baselines. */
  imageManaged: z.boolean().default(true),
  /** Name of the desired image; default: the image of its hosts. */
  desiredImage: z.string().optional(),
  /** Fields of vLCM's apply policy. */
  policy: z.record(z.string(), z.unknown()).default({}),
  drs: z.boolean().default(true),
});

const user = z.strictObject({
  name: z.string(),
  password: z.string().optional(),
  groups: z.array(z.string()).default([]),
  /** Privilege ids; with neither these nor roles: all. */
  privileges: z.array(z.string()).optional(),
  /** Names of roles of the scenario. */
  roles: z.array(z.string()).default([]),
  /** Level of the appliance; default: the highest for who has all privileges, else none. */
  applianceRole: z.enum(APPLIANCE_ROLES).optional(),
});

const vCenter = z.strictObject({
  name: hostName,
  version: version.default('8.0.2.00100'),
  build: z.string().regex(/^\d+$/).default('22617221'),
  updates: z
    .array(
      z.strictObject({
        version,
        build: z.string().regex(/^\d+$/),
        name: z.string().optional(),
        type: z.enum(['SECURITY', 'FIX', 'UPDATE', 'UPGRADE']).default('UPDATE'),
        rebootRequired: z.boolean().default(true),
      }),
    )
    .default([]),
  /** Further accounts, besides the scenario's administrator. */
  users: z.array(user).default([]),
  /** Where vCenter's backups go: written to the infrastructure file. */
  backup: z
    .union([z.strictObject({ elsewhere: z.string() }), z.strictObject({ location: z.string(), username: z.string() })])
    .default({ elsewhere: 'nightly, by the backup team' }),
});

const keyProvider = z.strictObject({
  name: z.string(),
  masterKeyId: z.string().default('4f1d0a52-6c1e-4d0e-9b7a-2f9a3c5d7e11'),
  servers: z.array(hostName).min(1),
  username: z.string().optional(),
  /** How the client certificate came to be: signed for a key of the site, or for one that never left the hosts. */
  clientKey: z.enum(['uploaded', 'generated']).default('uploaded'),
});

/** One fault, as scenarios and POST /faults write it. */
export const faultSchema = z.strictObject({
  kind: z.enum([...REQUEST_FAULTS, ...TASK_FAULTS, ...WORLD_FAULTS]),
  operation: z.string().exactOptional(),
  vCenter: z.string().exactOptional(),
  host: z.string().exactOptional(),
  skip: z.int().min(0).exactOptional(),
  count: z.int().min(1).nullable().exactOptional(),
  error: z.string().exactOptional(),
  message: z.string().exactOptional(),
  milliseconds: z.number().min(0).exactOptional(),
  service: z.string().exactOptional(),
  baseImage: z.string().exactOptional(),
});

// Both are built from the tables of defaults, so that a new entry there needs none here; the compiler cannot follow.
const durations = z.strictObject(
  Object.fromEntries(Object.keys(DEFAULT_DURATIONS).map((name) => [name, z.number().min(0).optional()])),
) as unknown as z.ZodType<Partial<Durations>, Partial<Durations>>;

const switches = z.strictObject(
  Object.fromEntries(
    Object.keys(DEFAULT_SWITCHES).map((name) => [name, switchSchema(name as keyof Switches).optional()]),
  ),
) as unknown as z.ZodType<Partial<Switches>, Partial<Switches>>;

function switchSchema(name: keyof Switches): z.ZodBoolean | z.ZodEnum {
  return name in SWITCH_CHOICES ? z.enum(SWITCH_CHOICES[name as keyof typeof SWITCH_CHOICES]) : z.boolean();
}

/** A scenario: the site that a simulator starts with. Unknown keys are errors. Described in docs/scenarios.md. */
export const scenarioSchema = z.strictObject({
  name: z.string(),
  description: z.string().default(''),
  /** Name of the infrastructure in the file that the simulator writes. */
  infrastructure: z.string().default('lab'),
  domain: hostName.default('lab.example'),
  username: z.string().default('administrator@vsphere.local'),
  /** Fixed passwords; default: random at each start. */
  password: z.string().optional(),
  esxiPassword: z.string().optional(),
  kmipPassword: z.string().optional(),
  images: z.record(z.string(), image),
  /** Privilege ids of roles, by a name of your own. */
  roles: z.record(z.string(), z.array(z.string())).default({}),
  trustAuthority: z.strictObject({
    vCenter,
    cluster,
    /** Names of the images that the Trust Authority Cluster trusts. */
    trustedImages: z.array(z.string()),
    /** The archive that is written has the files of these images. */
    baseImageFiles: z.boolean().default(true),
    keyProviders: z.array(keyProvider).default([]),
    requireEndorsementKeys: z.boolean().default(false),
    requireCertificateValidation: z.boolean().default(true),
    /** Issuers of workload vCenters that the infrastructure file does not name. */
    unknownConsumers: z.array(hostName).default([]),
  }),
  trusted: z
    .array(
      z.strictObject({
        vCenter,
        clusters: z.array(cluster).min(1),
        /** Clusters outside of vSphere Trust Authority, with test hosts. */
        referenceClusters: z.array(cluster).default([]),
      }),
    )
    .min(1),
  durations: durations.default({}),
  switches: switches.default({}),
  faults: z.array(faultSchema).default([]),
  /** Scales the product's waits to this scenario (`pace.scale` of the infrastructure file). */
  paceScale: z.number().gt(0).default(0.01),
  /** What the request file asks for; default: the first update of the TA vCenter and the newest image. */
  request: z.record(z.string(), z.unknown()).optional(),
});

/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario as somebody writes it. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
export type ScenarioHosts = Scenario['trustAuthority']['cluster']['hosts'];
export type ScenarioCluster = Scenario['trustAuthority']['cluster'];
export type ScenarioVCenter = Scenario['trustAuthority']['vCenter'];
