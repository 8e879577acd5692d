import { samePem } from '../../world/attestation';
import { Fault, message } from '../../world/fault';
import { keyServerAt } from '../../world/key-provider-status';
import {
  checkCertificates,
  generateClientCertificate,
  generateSigningRequest,
  KEY_PROVIDERS,
  keyForCertificate,
  setClientCertificate,
} from '../../world/key-providers';
import { updateOne } from '../../world/trust-collection';
import { trustAndProvider } from './key-providers';
import { taskRoute, type RestCall, type RestRoute } from './route';
import { passes, TAC } from './trust-wire';

const SERVICE = `${TAC}.kms.providers`;

const clientCertificateRoutes: readonly RestRoute[] = [
  taskRoute(`${SERVICE}.client_certificate.create$task`, trustAndProvider, (_call, { trust, provider }) =>
    generateClientCertificate(trust, provider.provider),
  ),
  taskRoute(`${SERVICE}.client_certificate.get$task`, trustAndProvider, (_call, { provider }) => {
    if (provider.clientCertificate === undefined) {
      throw new Fault('NOT_FOUND', `The key provider ${provider.provider} has no client certificate.`);
    }
    return { certificate: provider.clientCertificate };
  }),
  taskRoute(
    `${SERVICE}.client_certificate.update$task`,
    (call: RestCall<{ certificate: string; private_key?: string }>) => {
      const found = trustAndProvider(call);
      return { ...found, key: keyForCertificate(found.provider, call.body.certificate, call.body.private_key) };
    },
    ({ body }, { trust, provider, key }) =>
      setClientCertificate(trust, provider.provider, body.certificate, key, body.private_key === undefined),
  ),
  taskRoute(`${SERVICE}.client_certificate.csr.create$task`, trustAndProvider, (_call, { trust, provider }) => ({
    csr: generateSigningRequest(trust, provider.provider),
  })),
  taskRoute(`${SERVICE}.client_certificate.csr.get$task`, trustAndProvider, (_call, { provider }) => {
    if (provider.csr === undefined) {
      throw new Fault('NOT_FOUND', `The key provider ${provider.provider} has no signing request.`);
    }
    return { csr: provider.csr };
  }),
];

const credentialRoutes: readonly RestRoute[] = [
  taskRoute(
    `${SERVICE}.credential.set$task`,
    (call: RestCall<string>) => trustAndProvider(call),
    ({ body }, { trust, provider }) =>
      updateOne(trust, KEY_PROVIDERS, provider.provider, (item) => {
        item.password = body;
      }),
  ),
];

const peerCertificateRoutes: readonly RestRoute[] = [
  taskRoute(`${SERVICE}.current_peer_certificates.list$task`, trustAndProvider, ({ world, query }, { provider }) => {
    const filter = query as { server_names?: string[]; trusted?: boolean };
    return provider.servers
      .filter((server) => passes(filter.server_names, server.name))
      .map((server) => {
        const certificate = keyServerAt(world, server.address.hostname)?.certificate;
        if (certificate === undefined) {
          const text = `The key server ${server.address.hostname} does not answer.`;
          return { server_name: server.name, error_messages: [message('kms.unreachable', text)], trusted: false };
        }
        const trusted = provider.trustedCertificates.some((pem) => samePem(pem, certificate));
        return { server_name: server.name, certificate, error_messages: [], trusted };
      })
      .filter((row) => filter.trusted === undefined || row.trusted === filter.trusted);
  }),
  taskRoute(`${SERVICE}.trusted_peer_certificates.get$task`, trustAndProvider, (_call, { provider }) => ({
    certificates: provider.trustedCertificates,
  })),
  taskRoute(
    `${SERVICE}.trusted_peer_certificates.update$task`,
    (call: RestCall<{ certificates?: string[] }>) => {
      checkCertificates(call.body.certificates ?? []);
      return trustAndProvider(call);
    },
    ({ body }, { trust, provider }) =>
      updateOne(trust, KEY_PROVIDERS, provider.provider, (item) => {
        if (body.certificates !== undefined) item.trustedCertificates = body.certificates;
      }),
  ),
];

/** …/kms/providers/{provider}/client-certificate, /credential and /peer-certs */
export const keyProviderSecretRoutes: readonly RestRoute[] = [
  ...clientCertificateRoutes,
  ...credentialRoutes,
  ...peerCertificateRoutes,
];
