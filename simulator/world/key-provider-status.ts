import { samePem } from './attestation';
import { keyMatches } from './certificates';
import { message, type LocalizableMessage } from './fault';
import { KEY_PROVIDERS } from './key-providers';
import type { KeyServer } from './state';
import { isReachable, worst, type Health, type TrustCluster } from './trust-cluster';
import { healthOf } from './trust-collection';
import type { KeyProvider } from './trust-state';
import type { World } from './world';

/** How one key server of a provider is reached from the hosts. */
export interface ServerStatus extends Health {
  name: string;
  clientTrustsServer: boolean;
  serverTrustsClient: boolean;
}

/** Status of a key provider: its copies compared, and each of its servers tried from each host. */
export function providerStatus(trust: TrustCluster, provider: KeyProvider): Health & { servers: ServerStatus[] } {
  const servers = provider.servers.map((server) => serverStatus(trust, provider.provider, server.name));
  const broken = servers.filter((server) => server.health === 'ERROR').length;
  const connection: Health = {
    health: broken === 0 ? 'OK' : broken === servers.length ? 'ERROR' : 'WARNING',
    details: servers.flatMap((server) => server.details),
  };
  return { ...worst([healthOf(trust, KEY_PROVIDERS, provider.provider), connection]), servers };
}

function serverStatus(trust: TrustCluster, providerName: string, serverName: string): ServerStatus {
  const details: LocalizableMessage[] = [];
  let clientTrustsServer = true;
  let serverTrustsClient = true;
  for (const host of trust.members.filter(isReachable)) {
    const copy = host.trust?.keyProviders.find((candidate) => candidate.provider === providerName);
    const address = copy?.servers.find((candidate) => candidate.name === serverName)?.address;
    if (!copy || !address) continue;
    const server = keyServerAt(trust.world, address.hostname);
    if (!server) {
      const text = `${host.name} cannot reach key server ${address.hostname}.`;
      details.push(message('kms.unreachable', text, host.name, address.hostname));
      clientTrustsServer = false;
      serverTrustsClient = false;
      continue;
    }
    if (!copy.trustedCertificates.some((pem) => samePem(pem, server.certificate))) {
      details.push(message('kms.server-not-trusted', `${host.name} does not trust the certificate of ${serverName}.`));
      clientTrustsServer = false;
    }
    if (!acceptsClient(server, copy)) {
      details.push(message('kms.client-not-trusted', `${serverName} does not accept the client of ${host.name}.`));
      serverTrustsClient = false;
    }
  }
  const health = clientTrustsServer && serverTrustsClient ? 'OK' : 'ERROR';
  return { name: serverName, health, details, clientTrustsServer, serverTrustsClient };
}

/** The key server at an address; null: none there, or it does not answer. */
export function keyServerAt(world: World, hostname: string): KeyServer | null {
  return world.state.keyServers.find((server) => server.hostname === hostname && server.reachable) ?? null;
}

/** A key server takes a client that shows a certificate it knows, has its key, and knows user and password. */
function acceptsClient(server: KeyServer, provider: KeyProvider): boolean {
  const { clientCertificate, clientKey } = provider;
  if (clientCertificate === undefined || clientKey === undefined) return false;
  if (!keyMatches(clientCertificate, clientKey)) return false;
  if (!server.trustedClients.some((pem) => samePem(pem, clientCertificate))) return false;
  return (
    server.username === undefined || (server.username === provider.username && server.password === provider.password)
  );
}
