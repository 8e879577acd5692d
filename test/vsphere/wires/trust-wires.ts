import { said, task, text, time, type Wire } from './wire';

const ti = '/api/vcenter/trusted-infrastructure';
const tac = `${ti}/trust-authority-clusters/domain-c8`;
const address = { hostname: 'ta-1.example.com', port: 443 };
const hostService = { host: 'host-1', address, group: 'g', cluster: 'c', trusted_CA: { cert_chain: ['PEM'] } };
const service = { service: 's1', address, group: 'g', trust_authority_cluster: 'c' };
const principal = { id: { name: 'n', domain: 'd' }, type: 'STS_USER' };
const warning = { health: 'WARNING', details: [text('look')] };
const read = { health: 'WARNING', details: [said('look')] };

/** vSphere Trust Authority (`contract/vcenter-trusted-infrastructure.json`). */
export const trustWires: Record<string, Wire> = {
  'trustAuthority.clusters': {
    call: (v) => v.trustAuthority.clusters(),
    request: `GET ${ti}/trust-authority-clusters`,
    status: 200,
    answer: [{ cluster: 'domain-c8', state: 'ENABLE' }],
    gives: [{ cluster: 'domain-c8', state: 'ENABLE' }],
  },
  'trustAuthority.cluster': {
    call: (v) => v.trustAuthority.cluster('domain-c8'),
    request: `GET ${tac}`,
    status: 200,
    answer: { cluster: 'domain-c8', state: 'DISABLE' },
    gives: { state: 'DISABLE' },
  },
  'trustAuthority.attestationStatus': {
    call: (v) => v.trustAuthority.attestationStatus('domain-c8'),
    request: `GET ${tac}/attestation/service-status?vmw-task=true`,
    ...task(warning, read),
  },
  'trustAuthority.keyProviderStatus': {
    call: (v) => v.trustAuthority.keyProviderStatus('domain-c8'),
    request: `GET ${tac}/kms/service-status?vmw-task=true`,
    ...task(warning, read),
  },
  'trustAuthority.attestationHosts': {
    call: (v) => v.trustAuthority.attestationHosts('domain-c8'),
    request: `POST ${ti}/trust-authority-hosts/attestation?projection=NORMAL`,
    body: { clusters: ['domain-c8'] },
    status: 200,
    answer: [{ summary_type: 'NORMAL', host: 'host-1', address, group: 'g', cluster: 'c' }],
    gives: [{ host: 'host-1', address }],
  },
  'trustAuthority.keyProviderHosts': {
    call: (v) => v.trustAuthority.keyProviderHosts('domain-c8'),
    request: `POST ${ti}/trust-authority-hosts/kms?action=query&projection=NORMAL`,
    body: { clusters: ['domain-c8'] },
    status: 200,
    answer: [{ summary_type: 'NORMAL', host: 'host-1', address: { hostname: 'x' } }],
    gives: [{ host: 'host-1', address: { hostname: 'x' } }],
  },
  'trustAuthority.attestationHost': {
    call: (v) => v.trustAuthority.attestationHost('host-1'),
    request: `GET ${ti}/trust-authority-hosts/host-1/attestation/`,
    status: 200,
    answer: hostService,
    gives: { trusted_CA: { cert_chain: ['PEM'] } },
  },
  'trustAuthority.keyProviderHost, spelled as in 9.x': {
    call: (v) => v.trustAuthority.keyProviderHost('host-1'),
    request: `GET ${ti}/trust-authority-hosts/host-1/kms/`,
    status: 200,
    answer: { ...hostService, trusted_CA: undefined, trusted_ca: { cert_chain: ['PEM'] } },
    gives: { trusted_CA: { cert_chain: ['PEM'] } },
  },
  'baseImages.list': {
    call: (v) => v.baseImages.list('domain-c8'),
    request: `GET ${tac}/attestation/os/esx/base-images?vmw-task=true`,
    ...task([{ version: '8', display_name: 'ESXi 8', health: 'OK' }]),
  },
  'baseImages.get': {
    call: (v) => v.baseImages.get('domain-c8', '8.0 b/c'),
    request: `GET ${tac}/attestation/os/esx/base-images/8.0%20b%2Fc?vmw-task=true`,
    ...task({ display_name: 'ESXi 8', last_attested_time: time, ...warning }, { last_attested_time: time, ...read }),
  },
  'baseImages.importFromImgdb': {
    call: (v) => v.baseImages.importFromImgdb('domain-c8', Buffer.from([0x1f, 0x8b, 0xff])),
    request: `POST ${tac}/attestation/os/esx/base-images?action=import-from-imgdb&vmw-task=true`,
    body: 'H4v/',
    ...task('8.0.3'),
  },
  'baseImages.remove': {
    call: (v) => v.baseImages.remove('domain-c8', '8.0.3'),
    request: `DELETE ${tac}/attestation/os/esx/base-images/8.0.3?vmw-task=true`,
    ...task(undefined),
  },
  'vtaConfiguration.keyProviders': {
    call: (v) => v.vtaConfiguration.keyProviders('domain-c8'),
    request: `GET ${tac}/kms/providers?vmw-task=true`,
    ...task([{ provider: 'kms', health: 'OK' }]),
  },
  'vtaConfiguration.keyProvider': {
    call: (v) => v.vtaConfiguration.keyProvider('domain-c8', 'corp kms'),
    request: `GET ${tac}/kms/providers/corp%20kms?vmw-task=true`,
    ...task(
      {
        master_key_id: 'k1',
        key_server: {
          type: 'KMIP',
          description: '',
          kmip_server: { servers: [{ name: 's', address }], username: 'u' },
          of_tomorrow: 1,
        },
        status: {
          ...warning,
          servers: [{ name: 's', ...warning, client_trust_server: true, server_trust_client: false }],
        },
      },
      { key_server: { of_tomorrow: 1, kmip_server: { username: 'u' } }, status: { servers: [{ name: 's', ...read }] } },
    ),
  },
  'vtaConfiguration.clientCertificate': {
    call: (v) => v.vtaConfiguration.clientCertificate('domain-c8', 'kms'),
    request: `GET ${tac}/kms/providers/kms/client-certificate?vmw-task=true`,
    ...task({ certificate: 'PEM' }),
  },
  'vtaConfiguration.trustedPeers': {
    call: (v) => v.vtaConfiguration.trustedPeers('domain-c8', 'kms'),
    request: `GET ${tac}/kms/providers/kms/peer-certs/trusted?vmw-task=true`,
    ...task({ certificates: ['PEM'] }),
  },
  'vtaConfiguration.currentPeers': {
    call: (v) => v.vtaConfiguration.currentPeers('domain-c8', 'kms'),
    request: `GET ${tac}/kms/providers/kms/peer-certs/current?vmw-task=true`,
    ...task([{ server_name: 's', error_messages: [], trusted: true, certificate: 'PEM' }]),
  },
  'vtaConfiguration.tpm2Settings': {
    call: (v) => v.vtaConfiguration.tpm2Settings('domain-c8'),
    request: `GET ${tac}/attestation/tpm2/settings?vmw-task=true`,
    ...task({ require_endorsement_keys: true, require_certificate_validation: false, ...warning }, read),
  },
  'vtaConfiguration.caCertificates': {
    call: (v) => v.vtaConfiguration.caCertificates('domain-c8'),
    request: `GET ${tac}/attestation/tpm2/ca-certificates?vmw-task=true`,
    ...task([{ name: 'root', health: 'OK' }]),
  },
  'vtaConfiguration.caCertificate': {
    call: (v) => v.vtaConfiguration.caCertificate('domain-c8', 'root'),
    request: `GET ${tac}/attestation/tpm2/ca-certificates/root?vmw-task=true`,
    ...task({ cert_chain: { cert_chain: ['PEM'] }, ...warning }, read),
  },
  'vtaConfiguration.endorsementKeys': {
    call: (v) => v.vtaConfiguration.endorsementKeys('domain-c8'),
    request: `GET ${tac}/attestation/tpm2/endorsement-keys?vmw-task=true`,
    ...task([{ name: 'ek', health: 'OK' }]),
  },
  'vtaConfiguration.endorsementKey': {
    call: (v) => v.vtaConfiguration.endorsementKey('domain-c8', 'ek'),
    request: `GET ${tac}/attestation/tpm2/endorsement-keys/ek?vmw-task=true`,
    ...task({ public_key: 'PEM', ...warning }, read),
  },
  'vtaConfiguration.consumerPrincipals': {
    call: (v) => v.vtaConfiguration.consumerPrincipals('domain-c8'),
    request: `POST ${tac}/consumer-principals?action=query&vmw-task=true`,
    body: {},
    ...task([{ id: 'p1', principal, issuer_alias: 'a', issuer: 'https://sts' }]),
  },
  'vtaConfiguration.consumerPrincipal': {
    call: (v) => v.vtaConfiguration.consumerPrincipal('domain-c8', 'p1'),
    request: `GET ${tac}/consumer-principals/p1?vmw-task=true`,
    ...task({ id: 'p1', principal, issuer_alias: 'a', issuer: 'i', certificates: [{ cert_chain: [] }], health: 'OK' }),
  },
  'trustedClusters.appliedConfig': {
    call: (v) => v.trustedClusters.appliedConfig('domain-c8'),
    request: `GET ${ti}/trusted-clusters/domain-c8/services-applied-config?vmw-task=true`,
    ...task(warning, read),
  },
  'trustedClusters.attestationServices': {
    call: (v) => v.trustedClusters.attestationServices('domain-c8'),
    request: `POST ${ti}/trusted-clusters/domain-c8/attestation/services?action=query`,
    body: {},
    status: 200,
    answer: [service],
    gives: [{ service: 's1', address }],
  },
  'trustedClusters.keyProviderServices': {
    call: (v) => v.trustedClusters.keyProviderServices('domain-c8'),
    request: `POST ${ti}/trusted-clusters/domain-c8/kms/services?action=query`,
    body: {},
    status: 200,
    answer: [service],
    gives: [{ service: 's1' }],
  },
  'trustedClusters.principal': {
    call: (v) => v.trustedClusters.principal(),
    request: `GET ${ti}/principal`,
    status: 200,
    answer: { certificates: [{ cert_chain: ['PEM'] }], issuer: 'https://sts', principal, name: 'vc' },
    gives: { issuer: 'https://sts', name: 'vc', principal },
  },
};
