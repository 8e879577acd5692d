import { defaultServices } from '../world/appliance-services';
import type { EsxImage } from '../world/image';
import type { Depot, SoftwareSpec } from '../world/lifecycle-state';
import { privilegesOf } from '../world/privileges';
import type { Cluster, User, VCenter } from '../world/state';
import { nextMoid } from './build-host';
import type { ScenarioCluster, ScenarioVCenter } from './scenario.schema';
import { issueTls, siteImage, type Site } from './site';
import { stableUuid } from './stable-id';

const DAY_MS = 86_400_000;

/** A vCenter without clusters; its id is the first part of its name. */
export function buildVCenter(site: Site, role: VCenter['role'], spec: ScenarioVCenter): VCenter {
  const id = spec.name.split('.')[0] ?? spec.name;
  const name = spec.name.includes('.') ? spec.name : `${spec.name}.${site.scenario.domain}`;
  issueTls(site, id, name);
  const sts = site.stsAuthority.issue({ commonName: `ssoserverSign of ${name}`, now: site.now });
  return {
    id,
    role,
    name,
    instanceUuid: stableUuid(name),
    version: spec.version,
    build: spec.build,
    availability: 'up',
    users: [
      {
        name: site.scenario.username,
        password: site.passwords.administrator,
        groups: ['Administrators', 'TrustedAdmins'],
        privileges: 'all',
        applianceRole: 'superAdministrator',
      },
      ...spec.users.map((user) => buildUser(site, user)),
    ],
    datacenter: { moid: 'datacenter-3', name: 'Datacenter', vmFolder: 'group-v4', hostFolder: 'group-h5' },
    clusters: [],
    principal: {
      principal: { id: { name: `vpxd-extension-${stableUuid(name)}`, domain: 'vsphere.local' }, type: 'STS_USER' },
      issuer: `https://${name}/openidconnect/vsphere.local`,
      name: 'vpxd-extension',
      certificates: [[sts.pem, site.stsAuthority.certificate.pem]],
    },
    attestationServices: [],
    kmsServices: [],
    depot: buildDepot(site),
    appliance: buildAppliance(site, spec),
    nextMoid: 8,
  };
}

function buildUser(site: Site, user: ScenarioVCenter['users'][number]): User {
  const privileges = privilegesOf(user, site.scenario.roles);
  return {
    name: user.name,
    password: user.password ?? site.passwords.administrator,
    groups: user.groups,
    privileges,
    applianceRole: user.applianceRole ?? (privileges === 'all' ? 'superAdministrator' : 'none'),
  };
}

/** A cluster with its desired image, its hosts still to come. */
export function buildCluster(site: Site, vCenter: VCenter, spec: ScenarioCluster): Cluster {
  const desired = siteImage(site, spec.desiredImage ?? spec.hosts.image ?? Object.keys(site.scenario.images)[0] ?? '');
  const cluster: Cluster = {
    moid: nextMoid(vCenter, 'domain-c'),
    name: spec.name,
    resourcePool: nextMoid(vCenter, 'resgroup-'),
    haEnabled: true,
    drsEnabled: spec.drs,
    trustAuthority: 'DISABLE',
    trustServices: { attestation: [], kms: [] },
    lifecycle: {
      enabled: spec.imageManaged,
      commits: spec.imageManaged
        ? [
            {
              id: '1',
              spec: specOf(desired),
              author: site.scenario.username,
              time: site.now - 60 * DAY_MS,
              message: 'Initial image',
            },
          ]
        : [],
      drafts: [],
      policy: { ...spec.policy },
      lastApply: null,
      lastCheck: null,
      compliance: null,
      busy: null,
    },
  };
  vCenter.clusters.push(cluster);
  return cluster;
}

function specOf(image: EsxImage): SoftwareSpec {
  return {
    baseImage: image.baseImage,
    ...(image.addOn ? { addOn: image.addOn } : {}),
    components: { ...image.components },
  };
}

/** Everything that any image of the scenario is made of can be had from the depot. */
function buildDepot(site: Site): Depot {
  const images = [...site.images.values()];
  const baseImages = new Map(images.map((image) => [image.baseImage, image]));
  const addOns = new Map(images.flatMap(({ addOn }) => (addOn ? [[`${addOn.name} ${addOn.version}`, addOn]] : [])));
  const components = new Map(
    images.flatMap((image) =>
      Object.entries(image.components).map(([name, version]) => [`${name} ${version}`, { name, version }]),
    ),
  );
  return {
    baseImages: [...baseImages.values()].map((image) => ({
      version: image.baseImage,
      displayName: `ESXi ${image.esxVersion} - ${image.build}`,
      releaseDate: new Date(site.now - 45 * DAY_MS).toISOString(),
      quickPatchCompatible: Object.values(site.scenario.images)
        .filter((candidate) => candidate.baseImage === image.baseImage)
        .flatMap((candidate) => candidate.quickPatchFrom),
    })),
    addOns: [...addOns.values()].map(({ name, version }) => ({
      name,
      version,
      displayName: name,
      vendor: 'Simulated Systems',
      components: {},
    })),
    components: [...components.values()].map(({ name, version }) => ({
      name,
      version,
      displayName: name,
      vendor: 'Simulated Systems',
    })),
    offline: [],
  };
}

function buildAppliance(site: Site, spec: ScenarioVCenter): VCenter['appliance'] {
  return {
    state: spec.updates.length > 0 ? 'UPDATES_PENDING' : 'UP_TO_DATE',
    pending: spec.updates.map((update) => ({
      version: update.version,
      build: update.build,
      name: update.name ?? `VC-${update.version}`,
      releaseDate: site.now - 40 * DAY_MS,
      sizeMb: 7_842,
      updateType: update.type,
      rebootRequired: update.rebootRequired,
    })),
    staged: null,
    inWork: null,
    progress: 0,
    snapshot: null,
    policy: {},
    backups: [],
    bootTime: site.now - 60 * DAY_MS,
    installTime: site.now - 60 * DAY_MS,
    lastQuery: site.now - DAY_MS,
    health: {},
    services: defaultServices(),
  };
}
