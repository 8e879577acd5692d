import { iso } from './clock';
import { message } from './fault';
import type { FaultPoint } from './faults';
import { sameImage } from './image';
import type { Host } from './state';
import { serviceAnswers } from './trust-authority';
import type { AttestationInfo, RegisteredService } from './trust-state';
import type { World } from './world';

/** Why a host attests again. */
export type AttestationCause =
  | 'boot'
  | 'reconnect'
  | 'period'
  | 'trust-changed'
  | 'applied-config-changed'
  | 'maintenance-mode-left'
  | 'service-started';

/** Overall state of a host: attested when one of its services says so. */
export function attestationOf(host: Host): 'attested' | 'notAttested' | 'unknown' | 'none' {
  if (host.attestation.length === 0) return 'none';
  if (host.attestation.some((entry) => entry.status === 'attested')) return 'attested';
  return host.attestation.some((entry) => entry.status === 'notAttested') ? 'notAttested' : 'unknown';
}

/** Lets a Trusted Host attest a short time from now. */
export function attestLater(world: World, host: Host, cause: AttestationCause): void {
  world.clock.after(world.settings.durations.attestation, () => attest(world, host, cause));
}

/** All Trusted Hosts that use one of these Trust Authority Hosts attest again. */
export function attestClientsLater(world: World, trustHosts: readonly Host[], cause: AttestationCause): void {
  const names = new Set(trustHosts.map((host) => host.name));
  for (const host of world.state.hosts) {
    if (host.appliedTrust.attestation.some((service) => names.has(service.address.hostname))) {
      attestLater(world, host, cause);
    }
  }
}

/** Attests every Trusted Host again and again. guessed: the period; a real one is not documented. */
export function attestPeriodically(world: World): void {
  world.clock.after(world.settings.durations.attestationPeriod, () => {
    for (const host of world.state.hosts) attest(world, host, 'period');
    attestPeriodically(world);
  });
}

/** A host cannot be asked (booting, disconnected): what it reported before says nothing now. */
export function attestationUnknown(world: World, host: Host, why: string): void {
  if (host.attestation.length === 0 || world.faults.active('attestation-stale', pointOf(world, host))) return;
  const before = attestationOf(host);
  host.attestation = host.attestation.map((entry) => ({
    serviceId: entry.serviceId,
    status: 'unknown',
    messages: [message('attestation.unknown', why)],
  }));
  if (before !== 'unknown') world.hostEvent('attestation-unknown', host, { reason: why });
}

/**
 * One attestation of a Trusted Host with each attestation service it was configured for.
 * documented: it passes only when the Trust Authority Cluster knows the image that was measured at the last FULL boot
 * (a Quick Boot does not change it); "unknown" while the host cannot be asked.
 */
export function attest(world: World, host: Host, cause: AttestationCause): void {
  if (host.vCenter === null || !host.up || host.connectionState !== 'connected') return;
  const { switches } = world.settings;
  if (host.inMaintenanceMode && !switches.attestInMaintenanceMode) return;
  const renews = cause === 'boot' || cause === 'reconnect';
  const before = attestationOf(host);
  // guessed: whether an unattested host tries again by itself (design §8), a switch.
  if (switches.attestOnlyAfterReconnect && !renews && before !== 'attested') return;

  if (world.faults.take(['attestation-stale'], pointOf(world, host))) return;
  const wanted = world.clusterOf(host)?.trustServices.attestation ?? [];
  const broken = wanted.length > 0 && world.faults.take(['not-attest'], pointOf(world, host));
  // documented: the list is there when services are configured for the host's parent compute resource.
  host.attestation = wanted.map((service) => {
    if (!host.appliedTrust.attestation.some((applied) => applied.service === service.service)) {
      return refusal(service, message('attestation.not-configured', 'The service is not configured on the host.'));
    }
    const previous = host.attestation.find((entry) => entry.serviceId === service.service);
    return broken
      ? refusal(service, message('attestation.failed', broken.message ?? 'TPM quote verification failed.'))
      : attestWith(world, host, service, previous);
  });
  const after = attestationOf(host);
  if (after === before || after === 'none') return;
  world.hostEvent(
    after === 'attested' ? 'attested' : after === 'notAttested' ? 'not-attested' : 'attestation-unknown',
    host,
    {
      cause,
      image: host.bootedImage.baseImage,
      services: Object.fromEntries(host.attestation.map((entry) => [entry.serviceId, entry.status])),
      messages: host.attestation.flatMap((entry) => entry.messages.map((text) => text.default_message)),
      ...(after === 'attested' ? { attestedAt: iso(world.clock.now()) } : {}),
    },
  );
}

function pointOf(world: World, host: Host): FaultPoint {
  return { vCenter: world.managerOf(host), host };
}

function attestWith(
  world: World,
  host: Host,
  service: RegisteredService,
  previous: AttestationInfo | undefined,
): AttestationInfo {
  const now = world.clock.now();
  const authority = world.state.hosts.find((candidate) => candidate.name === service.address.hostname);
  if (!authority?.trust || !serviceAnswers(authority, 'attestd')) {
    // guessed: a report that is still good survives the absence of the service that gave it.
    if (previous?.status === 'attested' && (previous.attestedUntil ?? 0) > now) return previous;
    return {
      serviceId: service.service,
      status: 'unknown',
      messages: [
        message('attestation.unreachable', `Attestation service ${service.address.hostname} does not answer.`),
      ],
    };
  }
  const reason = refusalReason(world, host, authority);
  if (reason) return refusal(service, reason);
  const image = authority.trust.baseImages.find((candidate) => sameImage(candidate.image, host.bootedImage));
  if (image) image.lastAttested = now;
  return {
    serviceId: service.service,
    status: 'attested',
    attestedAt: now,
    attestedUntil: now + world.settings.durations.attestationValidity,
    messages: [],
  };
}

/** Why a Trust Authority Host does not attest this host; null: it does. */
function refusalReason(world: World, host: Host, authority: Host): ReturnType<typeof message> | null {
  const copy = authority.trust;
  if (!copy) return message('attestation.unreachable', `${authority.name} has no Trust Authority configuration.`);
  const principal = world.managerOf(host)?.principal;
  if (principal && !copy.consumerPrincipals.some((candidate) => candidate.issuer === principal.issuer)) {
    return message('attestation.principal', `The token issuer ${principal.issuer} is not trusted.`, principal.issuer);
  }
  if (!host.tpm.present) return message('attestation.tpm', 'The host has no TPM 2.0.');
  const { requireEndorsementKeys, requireCertificateValidation } = copy.tpm2Settings;
  if (requireEndorsementKeys && !copy.endorsementKeys.some((key) => samePem(key.publicKey, host.tpm.endorsementKey))) {
    return message('attestation.endorsement-key', 'The endorsement key of the TPM is not trusted.');
  }
  const authorities = copy.caCertificates.flatMap((ca) => ca.certChain);
  if (requireCertificateValidation && !authorities.some((pem) => samePem(pem, host.tpm.manufacturerCertificate))) {
    return message(
      'attestation.endorsement-certificate',
      'The certificate of the endorsement key has no trusted issuer.',
    );
  }
  if (!copy.baseImages.some((candidate) => sameImage(candidate.image, host.bootedImage))) {
    const text = `The ESXi image ${host.bootedImage.baseImage} of the last full boot is not trusted.`;
    return message('attestation.base-image', text, host.bootedImage.baseImage);
  }
  return null;
}

function refusal(service: RegisteredService, reason: ReturnType<typeof message>): AttestationInfo {
  return { serviceId: service.service, status: 'notAttested', messages: [reason] };
}

/** PEM texts compared by what they hold, not by line ends. */
export function samePem(a: string, b: string): boolean {
  return a.replace(/\s+/g, '') === b.replace(/\s+/g, '');
}
