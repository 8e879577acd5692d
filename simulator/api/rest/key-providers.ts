import { providerStatus } from '../../world/key-provider-status';
import { checkServers, KEY_PROVIDERS } from '../../world/key-providers';
import { createOn, findOne, listAll, planCreate, removeOne, updateOne } from '../../world/trust-collection';
import type { KeyProvider, NetworkAddress } from '../../world/trust-state';
import { taskRoute, type RestCall, type RestRoute } from './route';
import { clusterOf, pathValue, TAC, wireAddress, wireHealth } from './trust-wire';

const SERVICE = `${TAC}.kms.providers`;

interface KeyServerSpec {
  type?: 'KMIP';
  description?: string;
  proxy_server?: NetworkAddress;
  connection_timeout?: number;
  kmip_server?: { servers?: KeyProvider['servers']; username?: string };
}

interface CreateSpec {
  provider: string;
  master_key_id: string;
  key_server: KeyServerSpec;
}

interface UpdateSpec {
  master_key_id?: string;
  key_server?: KeyServerSpec;
}

/** …/kms/providers */
export const keyProviderRoutes: readonly RestRoute[] = [
  taskRoute(
    `${SERVICE}.create$task`,
    (call: RestCall<CreateSpec>) => {
      const trust = clusterOf(call);
      const provider = providerOf(call.body);
      checkServers(provider.servers);
      const isThere = (own: KeyProvider) => own.provider === provider.provider;
      return { trust, provider, plan: planCreate(trust, KEY_PROVIDERS, isThere, provider.provider) };
    },
    (_call, { trust, provider, plan }) => createOn(trust, KEY_PROVIDERS, plan, provider),
  ),
  taskRoute(`${SERVICE}.list$task`, clusterOf, (_call, trust) =>
    listAll(trust, KEY_PROVIDERS).map((provider) => ({
      provider: provider.provider,
      health: providerStatus(trust, provider).health,
    })),
  ),
  taskRoute(`${SERVICE}.get$task`, trustAndProvider, (_call, { trust, provider }) => {
    const status = providerStatus(trust, provider);
    return {
      master_key_id: provider.masterKeyId,
      key_server: keyServerInfo(provider),
      status: {
        ...wireHealth(status),
        servers: status.servers.map((server) => ({
          name: server.name,
          ...wireHealth(server),
          client_trust_server: server.clientTrustsServer,
          server_trust_client: server.serverTrustsClient,
        })),
      },
    };
  }),
  taskRoute(
    `${SERVICE}.update$task`,
    (call: RestCall<UpdateSpec>) => {
      const servers = call.body.key_server?.kmip_server?.servers;
      if (servers) checkServers(servers);
      return trustAndProvider(call);
    },
    ({ body }, { trust, provider }) => updateOne(trust, KEY_PROVIDERS, provider.provider, (item) => change(item, body)),
  ),
  taskRoute(`${SERVICE}.delete$task`, trustAndProvider, (_call, { trust, provider }) =>
    removeOne(trust, KEY_PROVIDERS, provider.provider),
  ),
];

/** The cluster and key provider that a call's path names. @throws Fault NOT_FOUND */
export function trustAndProvider(call: RestCall) {
  const trust = clusterOf(call);
  return { trust, provider: findOne(trust, KEY_PROVIDERS, pathValue(call, 'provider')) };
}

function providerOf({ provider, master_key_id, key_server }: CreateSpec): KeyProvider {
  return {
    provider,
    masterKeyId: master_key_id,
    description: key_server.description ?? '',
    ...(key_server.proxy_server ? { proxyServer: key_server.proxy_server } : {}),
    ...(key_server.connection_timeout === undefined ? {} : { connectionTimeout: key_server.connection_timeout }),
    servers: key_server.kmip_server?.servers ?? [],
    ...(key_server.kmip_server?.username === undefined ? {} : { username: key_server.kmip_server.username }),
    clientKeyGenerated: false,
    trustedCertificates: [],
  };
}

/** documented: what is unset stays as it is. */
function change(item: KeyProvider, { master_key_id, key_server }: UpdateSpec): void {
  if (master_key_id !== undefined) item.masterKeyId = master_key_id;
  if (key_server?.description !== undefined) item.description = key_server.description;
  if (key_server?.proxy_server !== undefined) item.proxyServer = key_server.proxy_server;
  if (key_server?.connection_timeout !== undefined) item.connectionTimeout = key_server.connection_timeout;
  if (key_server?.kmip_server?.servers !== undefined) item.servers = key_server.kmip_server.servers;
  if (key_server?.kmip_server?.username !== undefined) item.username = key_server.kmip_server.username;
}

function keyServerInfo(provider: KeyProvider): unknown {
  return {
    type: 'KMIP',
    description: provider.description,
    ...(provider.proxyServer ? { proxy_server: wireAddress(provider.proxyServer) } : {}),
    ...(provider.connectionTimeout === undefined ? {} : { connection_timeout: provider.connectionTimeout }),
    kmip_server: {
      servers: provider.servers.map(({ name, address }) => ({ name, address: wireAddress(address) })),
      ...(provider.username === undefined ? {} : { username: provider.username }),
    },
  };
}
