import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { Site } from './scenarios/site';
import { imageDatabase } from './world/image-database';
import type { World } from './world/world';

/** Where a simulator's endpoints listen, by id of the vCenter and name of the host. */
export interface Addresses {
  vCenters: Record<string, string>;
  hosts: Record<string, string>;
  control: string;
}

/** What the ready file holds. */
export interface Ready {
  trustAuthority: { vCenter: string; cluster: string };
  trusted: { vCenter: string; clusters: string[] }[];
  username: string;
  password: string;
  caFile: string;
  esxi: { username: string; password: string; urls: Record<string, string> };
  control: string;
  /** Name of the infrastructure in the infrastructure file. */
  infrastructure: string;
  infrastructureFile: string;
  requestFile: string;
}

/**
 * Writes CA, secrets, infrastructure file and request file of a site, so that a worker and a start just work. Secrets
 * are files of their own (mode 0600) that the infrastructure file refers to.
 * @param directory where they go; made when missing
 */
export function writeSiteFiles(directory: string, world: World, site: Site, addresses: Addresses): Ready {
  mkdirSync(join(directory, 'secrets'), { recursive: true, mode: 0o700 });
  mkdirSync(join(directory, 'archive', 'base-images'), { recursive: true, mode: 0o700 });
  const secret = (name: string, value: string): string => {
    writeFileSync(join(directory, 'secrets', name), value, { mode: 0o600 });
    return `file:${join(directory, 'secrets', name)}`;
  };
  if (site.scenario.trustAuthority.baseImageFiles) writeBaseImages(join(directory, 'archive', 'base-images'), world);
  const caFile = join(directory, 'ca.pem');
  writeFileSync(caFile, site.authority.certificate.pem);
  const infrastructureFile = join(directory, 'vta-upgrade.yaml');
  writeFileSync(infrastructureFile, stringify(infrastructureOf(directory, world, site, addresses, caFile, secret)));
  const requestFile = join(directory, 'request.json');
  writeFileSync(requestFile, `${JSON.stringify(requestOf(site), null, 2)}\n`);

  const url = (id: string): string => addresses.vCenters[id] ?? '';
  const [authority, ...workloads] = world.state.vCenters;
  return {
    trustAuthority: { vCenter: url(authority?.id ?? ''), cluster: site.scenario.trustAuthority.cluster.name },
    trusted: workloads.map((vCenter, index) => ({
      vCenter: url(vCenter.id),
      clusters: (site.scenario.trusted[index]?.clusters ?? []).map((cluster) => cluster.name),
    })),
    username: site.scenario.username,
    password: site.passwords.administrator,
    caFile,
    esxi: { username: 'root', password: site.passwords.esxi, urls: addresses.hosts },
    control: addresses.control,
    infrastructure: site.scenario.infrastructure,
    infrastructureFile,
    requestFile,
  };
}

/**
 * The files of the images that the Trust Authority Cluster trusts, as a site has them that keeps what it imports: each
 * with a file beside it that says under which version it is known.
 */
function writeBaseImages(directory: string, world: World): void {
  for (const { version, image } of world.state.hosts.find(({ trust }) => trust !== null)?.trust?.baseImages ?? []) {
    const bytes = imageDatabase(image);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = join(directory, `sha256-${sha256}.tgz`);
    writeFileSync(file, bytes, { mode: 0o600 });
    writeFileSync(
      `${file}.json`,
      JSON.stringify({ sha256: `sha256:${sha256}`, bytes: bytes.length, version, facts: [] }),
      { mode: 0o600 },
    );
  }
}

/** Writes the ready file whole or not at all: whoever waits for it never reads half of it. */
export function writeReadyFile(file: string, ready: Ready): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

function infrastructureOf(
  directory: string,
  world: World,
  site: Site,
  addresses: Addresses,
  caFile: string,
  secret: (name: string, value: string) => string,
): unknown {
  const { scenario, passwords } = site;
  const password = secret('vcenter-password', passwords.administrator);
  const backupOf = (spec: typeof scenario.trustAuthority.vCenter.backup): unknown =>
    'elsewhere' in spec
      ? spec
      : {
          ...spec,
          password: secret('backup-password', passwords.backup),
          encryption: secret('backup-encryption', passwords.backup),
        };
  const vCenterOf = (index: number, backup: typeof scenario.trustAuthority.vCenter.backup): unknown => ({
    url: addresses.vCenters[world.state.vCenters[index]?.id ?? ''],
    name: world.state.vCenters[index]?.name,
    username: scenario.username,
    password,
    tls: { caFile },
    backup: backupOf(backup),
  });
  return {
    infrastructures: {
      [scenario.infrastructure]: {
        trustAuthority: {
          vCenter: vCenterOf(0, scenario.trustAuthority.vCenter.backup),
          cluster: scenario.trustAuthority.cluster.name,
        },
        trusted: scenario.trusted.map((trusted, index) => ({
          vCenter: vCenterOf(index + 1, trusted.vCenter.backup),
          clusters: trusted.clusters.map((cluster) => cluster.name),
          ...(trusted.referenceClusters.length === 0
            ? {}
            : { referenceClusters: trusted.referenceClusters.map((cluster) => cluster.name) }),
        })),
        esxi: {
          username: 'root',
          password: secret('esxi-password', passwords.esxi),
          tls: { caFile },
          urls: addresses.hosts,
        },
        keyProviders: keyProvidersOf(site, secret),
        archive: join(directory, 'archive'),
        approvals: { approvers: ['alice', 'bob'], required: 1, expireAfter: '72h' },
        pace: { scale: scenario.paceScale },
      },
    },
  };
}

function keyProvidersOf(site: Site, secret: (name: string, value: string) => string): unknown {
  return Object.fromEntries(
    site.scenario.trustAuthority.keyProviders.map((provider) => {
      const key = site.clientKeys.get(provider.name);
      return [
        provider.name,
        {
          ...(provider.username === undefined
            ? {}
            : { password: secret(`${provider.name}-password`, site.passwords.kmip) }),
          ...(key === undefined ? {} : { clientKey: secret(`${provider.name}-client.key`, key) }),
        },
      ];
    }),
  );
}

/** What the request file asks for: the first update of the TA vCenter and the newest image, unless the scenario says. */
function requestOf(site: Site): unknown {
  const { scenario } = site;
  const update = scenario.trustAuthority.vCenter.updates[0]?.version;
  const newest = [...site.images.values()].sort((a, b) => Number(b.build) - Number(a.build))[0];
  return {
    infrastructure: scenario.infrastructure,
    ...(scenario.request ?? {
      target: {
        ...(update === undefined ? {} : { vCenter: update }),
        ...(newest ? { esxi: { baseImage: newest.baseImage } } : {}),
      },
      baseImage: { from: 'first-host' },
    }),
  };
}
