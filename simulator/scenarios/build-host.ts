import { publicKeyOf, thumbprint } from '../world/certificates';
import type { Host, VCenter, Vm } from '../world/state';
import type { ScenarioHosts } from './scenario.schema';
import { servicesOf } from './host-services';
import { issueTls, siteImage, type Site } from './site';
import { stableUuid } from './stable-id';

const DAY_MS = 86_400_000;

type HostFields = Omit<ScenarioHosts, 'count' | 'prefix' | 'except'>;

/** Builds the hosts of a cluster, in the order of their numbers, and their VMs. */
export function buildHosts(
  site: Site,
  vCenter: VCenter,
  clusterMoid: string,
  spec: ScenarioHosts,
  trustAuthority: boolean,
): { hosts: Host[]; vms: Vm[] } {
  const { count, prefix, except, ...fields } = spec;
  for (const number of Object.keys(except)) {
    if (Number(number) < 1 || Number(number) > count) throw new Error(`${prefix}: there is no host ${number}`);
  }
  const hosts: Host[] = [];
  const vms: Vm[] = [];
  for (let number = 1; number <= count; number += 1) {
    const own = { ...fields, ...except[String(number)] };
    const host = buildHost(site, vCenter, clusterMoid, `${prefix}-${number}.${site.scenario.domain}`, own, {
      trustAuthority,
      number,
    });
    hosts.push(host);
    vms.push(...buildVms(vCenter, host, own));
  }
  return { hosts, vms };
}

function buildHost(
  site: Site,
  vCenter: VCenter,
  cluster: string,
  name: string,
  fields: HostFields,
  place: { trustAuthority: boolean; number: number },
): Host {
  const image = siteImage(site, fields.image ?? Object.keys(site.scenario.images)[0] ?? '');
  const tls = issueTls(site, name, name);
  const endorsement = site.tpmAuthority.issue({ commonName: `TPM of ${name}`, now: site.now });
  return {
    name,
    moid: nextMoid(vCenter, 'host-'),
    vCenter: vCenter.id,
    cluster,
    hardwareUuid: stableUuid(name),
    vendor: 'Simulated Systems',
    model: 'Server 1U',
    connectionState: fields.connectionState ?? 'connected',
    powerState: 'poweredOn',
    up: fields.connectionState !== 'notResponding',
    inMaintenanceMode: fields.maintenanceMode ?? false,
    bootTime: site.now - 30 * DAY_MS - place.number * 3_600_000,
    runningImage: image,
    bootedImage: fields.bootedImage ? siteImage(site, fields.bootedImage) : image,
    alternateBank: fields.previousImage ? siteImage(site, fields.previousImage) : null,
    stagedImage: null,
    quickBootSupported: fields.quickBootSupported ?? true,
    lastBoot: fields.bootedImage && fields.bootedImage !== fields.image ? 'quick' : 'full',
    busy: null,
    services: servicesOf(place.trustAuthority),
    brokenService: null,
    secureBoot: fields.secureBoot ?? true,
    tpm: {
      present: fields.tpm ?? true,
      id: 'tpm0',
      manufacturer: 'SIM',
      model: 'SimTPM 2.0',
      firmwareVersion: '7.85.4555.0',
      endorsementKey: publicKeyOf(endorsement.pem),
      endorsementCertificate: endorsement.pem,
      manufacturerCertificate: site.tpmAuthority.certificate.pem,
    },
    trustLicence: fields.trustLicence ?? true,
    rootPassword: site.passwords.esxi,
    certificate: tls.pem,
    sslThumbprint: thumbprint(tls.pem),
    trust: null,
    appliedTrust: { attestation: [], kms: [] },
    attestation: [],
  };
}

function buildVms(vCenter: VCenter, host: Host, fields: HostFields): Vm[] {
  const total = fields.vms ?? 0;
  const encrypted = fields.encryptedVms ?? 0;
  const stuck = fields.stuckVms ?? 0;
  if (encrypted + stuck > total) throw new Error(`${host.name}: more encrypted and stuck VMs than VMs`);
  return Array.from({ length: total }, (_, index) => ({
    moid: nextMoid(vCenter, 'vm-'),
    name: `${host.name.split('.')[0]}-vm-${index + 1}`,
    vCenter: vCenter.id,
    host: host.name,
    powerState: 'POWERED_ON',
    encrypted: index < encrypted,
    cpuCount: 2,
    memoryMb: 4096,
    migratable: index < total - stuck,
  }));
}

/** The next managed object id of a vCenter that is being built, e.g. for the prefix `host-`. */
export function nextMoid(vCenter: VCenter, prefix: string): string {
  const moid = `${prefix}${vCenter.nextMoid}`;
  vCenter.nextMoid += 1;
  return moid;
}
