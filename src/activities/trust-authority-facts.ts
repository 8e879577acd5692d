import type { Health, TrustAuthorityFacts } from '../model/inventory';
import type { Pace } from '../model/pace';
import { runTask } from '../vsphere/task-poll';
import { HEALTHS } from './cluster-facts';
import type { Site } from './dependencies';
import { keptBaseImages } from './not-restorable';
import type { VtaConfigurationCopy } from './vta-configuration';
import { callOptions, pollTools } from './wait';

/** The Trust Authority's services and what they trust, as the planner sees them. */
export async function readTrustAuthorityFacts(
  site: Site,
  configuration: VtaConfigurationCopy,
  pace: Pace,
): Promise<TrustAuthorityFacts> {
  const { trustAuthority, tasks } = await site.connections.trustAuthorityVCenter();
  const { cluster } = configuration;
  const poll = { everyMs: pace.taskPollMs, deadlineMs: pace.callMs };
  const { signal } = callOptions(pace);
  const attestation = await runTask(
    tasks,
    (o) => trustAuthority.attestationStatus(cluster, o),
    poll,
    pollTools(),
    signal,
  );
  const keyProvider = await runTask(
    tasks,
    (o) => trustAuthority.keyProviderStatus(cluster, o),
    poll,
    pollTools(),
    signal,
  );
  const kept = await keptBaseImages(site);
  return {
    attestation: known(attestation.health),
    keyProvider: known(keyProvider.health),
    baseImages: Object.entries(configuration.baseImages).map(([version, image]) => ({
      version,
      displayName: image.display_name,
      health: known(image.health),
      ...(image.last_attested_time === undefined ? {} : { lastAttested: image.last_attested_time }),
      hasFile: kept.has(version),
    })),
    consumerPrincipals: configuration.consumerPrincipals.map(({ issuer, principal }) => ({
      issuer,
      name: `${principal.id.name}@${principal.id.domain}`,
    })),
    keyProviders: configuration.keyProviders.map(({ id, provider }) => ({ id, health: known(provider.status.health) })),
  };
}

function known(health: string): Health {
  return HEALTHS.find((each) => each === health) ?? 'unknown';
}
