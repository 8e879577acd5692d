import {
  CA_CERTIFICATES,
  checkCaChain,
  ENDORSEMENT_KEYS,
  endorsementKey,
  tpm2Settings,
  updateTpm2Settings,
} from '../../world/tpm2-trust';
import { consistency } from '../../world/trust-cluster';
import { createOn, findOne, healthOf, listAll, planCreate, removeOne } from '../../world/trust-collection';
import { taskRoute, type RestCall, type RestRoute } from './route';
import { chain, clusterOf, pathValue, TAC, wireHealth, type WireChain } from './trust-wire';

const SERVICE = `${TAC}.attestation.tpm2`;

const caCertificateRoutes: readonly RestRoute[] = [
  taskRoute(
    `${SERVICE}.ca_certificates.create$task`,
    (call: RestCall<{ name: string; cert_chain?: WireChain }>) => {
      const trust = clusterOf(call);
      const { name, cert_chain } = call.body;
      const certChain = cert_chain?.cert_chain ?? [];
      checkCaChain(certChain);
      const plan = planCreate(trust, CA_CERTIFICATES, (ca) => ca.name === name, name);
      return { trust, plan, certificate: { name, certChain } };
    },
    (_call, { trust, plan, certificate }) => createOn(trust, CA_CERTIFICATES, plan, certificate),
  ),
  taskRoute(`${SERVICE}.ca_certificates.list$task`, clusterOf, (_call, trust) =>
    listAll(trust, CA_CERTIFICATES).map(({ name }) => ({
      name,
      health: healthOf(trust, CA_CERTIFICATES, name).health,
    })),
  ),
  taskRoute(
    `${SERVICE}.ca_certificates.get$task`,
    (call) => {
      const trust = clusterOf(call);
      return { trust, certificate: findOne(trust, CA_CERTIFICATES, pathValue(call, 'name')) };
    },
    (_call, { trust, certificate }) => ({
      cert_chain: chain(certificate.certChain),
      ...wireHealth(healthOf(trust, CA_CERTIFICATES, certificate.name)),
    }),
  ),
  taskRoute(
    `${SERVICE}.ca_certificates.delete$task`,
    (call) => {
      const trust = clusterOf(call);
      findOne(trust, CA_CERTIFICATES, pathValue(call, 'name'));
      return trust;
    },
    (call, trust) => removeOne(trust, CA_CERTIFICATES, pathValue(call, 'name')),
  ),
];

const endorsementKeyRoutes: readonly RestRoute[] = [
  taskRoute(
    `${SERVICE}.endorsement_keys.create$task`,
    (call: RestCall<{ name: string; public_key?: string; certificate?: string }>) => {
      const trust = clusterOf(call);
      const { name, public_key, certificate } = call.body;
      const key = endorsementKey(trust, name, public_key, certificate);
      return { trust, key, plan: planCreate(trust, ENDORSEMENT_KEYS, (own) => own.name === name, name) };
    },
    (_call, { trust, plan, key }) => createOn(trust, ENDORSEMENT_KEYS, plan, key),
  ),
  taskRoute(`${SERVICE}.endorsement_keys.list$task`, clusterOf, (_call, trust) =>
    listAll(trust, ENDORSEMENT_KEYS).map(({ name }) => ({
      name,
      health: healthOf(trust, ENDORSEMENT_KEYS, name).health,
    })),
  ),
  taskRoute(
    `${SERVICE}.endorsement_keys.get$task`,
    (call) => {
      const trust = clusterOf(call);
      return { trust, key: findOne(trust, ENDORSEMENT_KEYS, pathValue(call, 'name')) };
    },
    (_call, { trust, key }) => ({
      public_key: key.publicKey,
      ...wireHealth(healthOf(trust, ENDORSEMENT_KEYS, key.name)),
    }),
  ),
  taskRoute(
    `${SERVICE}.endorsement_keys.delete$task`,
    (call) => {
      const trust = clusterOf(call);
      findOne(trust, ENDORSEMENT_KEYS, pathValue(call, 'name'));
      return trust;
    },
    (call, trust) => removeOne(trust, ENDORSEMENT_KEYS, pathValue(call, 'name')),
  ),
];

interface SettingsUpdate {
  require_endorsement_keys?: boolean;
  require_certificate_validation?: boolean;
}

const settingsRoutes: readonly RestRoute[] = [
  taskRoute(`${SERVICE}.settings.get$task`, clusterOf, (_call, trust) => {
    const settings = tpm2Settings(trust);
    return {
      require_endorsement_keys: settings.requireEndorsementKeys,
      require_certificate_validation: settings.requireCertificateValidation,
      ...wireHealth(consistency(trust, 'TPM 2.0 settings', (copy) => copy.tpm2Settings)),
    };
  }),
  taskRoute(
    `${SERVICE}.settings.update$task`,
    (call: RestCall<SettingsUpdate>) => clusterOf(call),
    ({ body }, trust) =>
      updateTpm2Settings(trust, {
        ...(body.require_endorsement_keys === undefined
          ? {}
          : { requireEndorsementKeys: body.require_endorsement_keys }),
        ...(body.require_certificate_validation === undefined
          ? {}
          : { requireCertificateValidation: body.require_certificate_validation }),
      }),
  ),
];

/** …/attestation/tpm2: CA certificates, endorsement keys and settings. */
export const tpm2TrustRoutes: readonly RestRoute[] = [
  ...caCertificateRoutes,
  ...endorsementKeyRoutes,
  ...settingsRoutes,
];
