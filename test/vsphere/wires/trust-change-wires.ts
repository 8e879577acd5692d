import { task, type Wire } from './wire';

const ti = '/api/vcenter/trusted-infrastructure';
const tac = `${ti}/trust-authority-clusters/domain-c8`;
const address = { hostname: 'ta-1.example.com', port: 443 };
const chain = { cert_chain: ['PEM'] };
const service = { service: 's1', address, group: 'g', trust_authority_cluster: 'c' };
const info = { address, trusted_CA: chain, group: 'g', trust_authority_cluster: 'c' };
const keyServer = {
  type: 'KMIP',
  description: 'the corporate one',
  kmip_server: { servers: [{ name: 'kms-1', address }], username: 'kmip' },
};
const principal = { id: { name: 'n', domain: 'd' }, type: 'STS_USER' };
const read = { health: 'OK', details: [] };

/** Changes of vSphere Trust Authority, for a host that is brought back (`contract/vcenter-trusted-infrastructure.json`). */
export const trustChangeWires: Record<string, Wire> = {
  'vtaConfigurationWrites.enable': {
    call: (v) => v.vtaConfigurationWrites.enable('domain-c8'),
    request: `PATCH ${tac}?vmw-task=true`,
    body: { state: 'ENABLE' },
    ...task(),
  },
  'vtaConfigurationWrites.createKeyProvider': {
    call: (v) =>
      v.vtaConfigurationWrites.createKeyProvider('domain-c8', 'corp', { master_key_id: 'k', key_server: keyServer }),
    request: `POST ${tac}/kms/providers?vmw-task=true`,
    body: { provider: 'corp', master_key_id: 'k', key_server: keyServer },
    ...task(),
  },
  'vtaConfigurationWrites.setTrustedPeers': {
    call: (v) => v.vtaConfigurationWrites.setTrustedPeers('domain-c8', 'a/b', ['PEM']),
    request: `PATCH ${tac}/kms/providers/a%2Fb/peer-certs/trusted?vmw-task=true`,
    body: { certificates: ['PEM'] },
    ...task(),
  },
  'vtaConfigurationWrites.setClientCertificate': {
    call: (v) =>
      v.vtaConfigurationWrites.setClientCertificate('domain-c8', 'corp', { certificate: 'PEM', privateKey: 'KEY' }),
    request: `PATCH ${tac}/kms/providers/corp/client-certificate?vmw-task=true`,
    body: { certificate: 'PEM', private_key: 'KEY' },
    ...task(),
  },
  'vtaConfigurationWrites.setCredential': {
    call: (v) => v.vtaConfigurationWrites.setCredential('domain-c8', 'corp', 'secret "&<'),
    request: `PUT ${tac}/kms/providers/corp/credential?vmw-task=true`,
    body: 'secret "&<',
    ...task(),
  },
  'vtaConfigurationWrites.setTpm2Settings': {
    // What was read is not sent back whole: health and details are no part of an update.
    call: (v) =>
      v.vtaConfigurationWrites.setTpm2Settings('domain-c8', {
        require_endorsement_keys: true,
        require_certificate_validation: false,
        ...read,
      }),
    request: `PATCH ${tac}/attestation/tpm2/settings?vmw-task=true`,
    body: { require_endorsement_keys: true, require_certificate_validation: false },
    ...task(),
  },
  'vtaConfigurationWrites.createCaCertificate': {
    call: (v) => v.vtaConfigurationWrites.createCaCertificate('domain-c8', 'maker', { cert_chain: chain, ...read }),
    request: `POST ${tac}/attestation/tpm2/ca-certificates?vmw-task=true`,
    body: { name: 'maker', cert_chain: chain },
    ...task(),
  },
  'vtaConfigurationWrites.createEndorsementKey': {
    call: (v) => v.vtaConfigurationWrites.createEndorsementKey('domain-c8', 'tpm', { public_key: 'PEM', ...read }),
    request: `POST ${tac}/attestation/tpm2/endorsement-keys?vmw-task=true`,
    body: { name: 'tpm', public_key: 'PEM' },
    ...task(),
  },
  'vtaConfigurationWrites.createConsumerPrincipal': {
    call: (v) =>
      v.vtaConfigurationWrites.createConsumerPrincipal('domain-c8', {
        certificates: [chain],
        issuer_alias: 'vc',
        issuer: 'https://vc',
        principal,
      }),
    request: `POST ${tac}/consumer-principals?vmw-task=true`,
    body: { certificates: [chain], issuer_alias: 'vc', issuer: 'https://vc', principal },
    ...task('p1'),
  },
  'trustedClusters.applyConfig': {
    call: (v) => v.trustedClusters.applyConfig('domain-c9'),
    request: `PATCH ${ti}/trusted-clusters/domain-c9/services-applied-config?vmw-task=true`,
    ...task(),
  },
  'trustedServices.list': {
    call: (v) => v.trustedServices.list('kms'),
    request: `POST ${ti}/kms/services?action=query`,
    body: {},
    status: 200,
    answer: [service],
    gives: [{ service: 's1' }],
  },
  'trustedServices.get, spelled as in 9.x': {
    call: (v) => v.trustedServices.get('attestation', 's1'),
    request: `GET ${ti}/attestation/services/s1`,
    status: 200,
    answer: { ...info, trusted_CA: undefined, trusted_ca: chain },
    gives: { trusted_CA: chain },
  },
  'trustedServices.create': {
    call: (v) => v.trustedServices.create('attestation', info),
    request: `POST ${ti}/attestation/services`,
    body: info,
    status: 201,
    answer: 's1',
    gives: 's1',
  },
  'trustedServices.remove': {
    call: (v) => v.trustedServices.remove('kms', 's1'),
    request: `DELETE ${ti}/kms/services/s1`,
    status: 204,
  },
  'trustedServices.use': {
    call: (v) => v.trustedServices.use('attestation', 'domain-c9', 's1'),
    request: `POST ${ti}/trusted-clusters/domain-c9/attestation/services?vmw-task=true`,
    body: { type: 'SERVICE', service: 's1' },
    ...task('s1'),
  },
  'trustedServices.useNoMore': {
    call: (v) => v.trustedServices.useNoMore('kms', 'domain-c9', 's1'),
    request: `DELETE ${ti}/trusted-clusters/domain-c9/kms/services/s1?vmw-task=true`,
    ...task(),
  },
};
