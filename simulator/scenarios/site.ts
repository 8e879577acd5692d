import { randomBytes } from 'node:crypto';

import { CertificateAuthority, type Certificate, type CertificateSpec } from '../world/certificates';
import { imageOf, type EsxImage } from '../world/image';
import type { Scenario } from './scenario.schema';

/** What the parts of a site are built with: names, secrets and authorities that no API of the world ever shows. */
export interface Site {
  scenario: Scenario;
  /** Milliseconds: when the site is built. */
  now: number;
  /** Signs the TLS certificates of vCenters, hosts and key servers. */
  authority: CertificateAuthority;
  /** Signs the endorsement keys of the TPMs. */
  tpmAuthority: CertificateAuthority;
  /** Signs the token services (STS) of the vCenters. */
  stsAuthority: CertificateAuthority;
  /** TLS certificate and key of each endpoint, by id of the vCenter or name of the host. */
  tls: Map<string, Certificate>;
  /** Private key of each key provider's client certificate, PEM, where it did not stay on the hosts. */
  clientKeys: Map<string, string>;
  passwords: { administrator: string; esxi: string; kmip: string; backup: string };
  images: Map<string, EsxImage>;
}

/** Authorities and secrets of a site; passwords are random unless the scenario fixes them. */
export function newSite(scenario: Scenario, now: number): Site {
  const authority = (commonName: string) => new CertificateAuthority({ commonName, organization: 'Simulator', now });
  return {
    scenario,
    now,
    authority: authority('Simulator CA'),
    tpmAuthority: authority('Simulated TPM Manufacturer CA'),
    stsAuthority: authority('Simulated STS CA'),
    tls: new Map(),
    clientKeys: new Map(),
    passwords: {
      administrator: scenario.password ?? newPassword(),
      esxi: scenario.esxiPassword ?? newPassword(),
      kmip: scenario.kmipPassword ?? newPassword(),
      backup: newPassword(),
    },
    images: new Map(
      Object.entries(scenario.images).map(([name, { baseImage, addOn, components }]) => [
        name,
        imageOf(baseImage, { ...(addOn ? { addOn } : {}), components }),
      ]),
    ),
  };
}

/** A password with the characters that careless clients trip over. */
function newPassword(): string {
  return `${randomBytes(12).toString('base64url')}&<!`;
}

/** @throws Error for a name that the scenario does not define */
export function siteImage(site: Site, name: string): EsxImage {
  const image = site.images.get(name);
  if (!image) throw new Error(`scenario ${site.scenario.name} has no image ${name}`);
  return image;
}

/** Issues the TLS certificate of an endpoint; every endpoint is reached at 127.0.0.1. */
export function issueTls(site: Site, id: string, name: string): Certificate {
  const certificate = site.authority.issue(tlsSpec(site, name));
  site.tls.set(id, certificate);
  return certificate;
}

/** Another certificate for an endpoint: renewed by the site's authority, or signed by one that nobody knows. */
export function newCertificate(site: Site, id: string, bySite: boolean): Certificate {
  const unknown = { commonName: 'Somebody else', organization: 'Simulator', now: site.now };
  const authority = bySite ? site.authority : new CertificateAuthority(unknown);
  return authority.issue(tlsSpec(site, id));
}

function tlsSpec(site: Site, name: string): CertificateSpec {
  return { commonName: name, organization: 'Simulator', altNames: [name, 'localhost', '127.0.0.1'], now: site.now };
}
