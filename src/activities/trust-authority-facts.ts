import type { Health, TrustAuthorityFacts } from '../model/inventory';
import type { Pace } from '../model/pace';
import { HEALTHS } from './cluster-facts';
import type { Site } from './dependencies';
import { keptBaseImages } from './kept-base-images';
import { readServiceReports } from './trust-authority-health';
import type { VtaConfigurationCopy } from './vta-configuration';

/** The Trust Authority's services and what they trust, as the planner sees them. */
export async function readTrustAuthorityFacts(
  site: Site,
  configuration: VtaConfigurationCopy,
  pace: Pace,
): Promise<TrustAuthorityFacts> {
  const { attestation, keyProvider } = await readServiceReports(site, pace);
  const kept = new Set((await keptBaseImages(site)).map(({ version }) => version));
  return {
    attestation: healthOf(attestation.health),
    keyProvider: healthOf(keyProvider.health),
    baseImages: Object.entries(configuration.baseImages).map(([version, image]) => ({
      version,
      displayName: image.display_name,
      health: healthOf(image.health),
      ...(image.last_attested_time === undefined ? {} : { lastAttested: image.last_attested_time }),
      hasFile: kept.has(version),
    })),
    consumerPrincipals: configuration.consumerPrincipals.map(({ issuer, principal }) => ({
      issuer,
      name: `${principal.id.name}@${principal.id.domain}`,
    })),
    keyProviders: configuration.keyProviders.map(({ id, provider }) => ({
      id,
      health: healthOf(provider.status.health),
    })),
  };
}

/** A health as the API tells it; what a newer server may say beyond these is unknown. */
export function healthOf(health: string): Health {
  return HEALTHS.find((each) => each === health) ?? 'unknown';
}
