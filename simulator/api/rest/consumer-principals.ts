import { CONSUMER_PRINCIPALS, createPrincipal, planPrincipal } from '../../world/consumer-principals';
import { findOne, healthOf, listAll, removeOne } from '../../world/trust-collection';
import type { ConsumerPrincipal, StsPrincipal } from '../../world/trust-state';
import { taskRoute, type RestCall, type RestRoute } from './route';
import { chain, clusterOf, pathValue, passes, TAC, type WireChain } from './trust-wire';

const SERVICE = `${TAC}.consumer_principals`;

interface CreateSpec {
  certificates: WireChain[];
  issuer_alias: string;
  issuer: string;
  principal: StsPrincipal;
}

interface FilterSpec {
  id?: string[];
  principals?: StsPrincipal[];
  issuer?: string[];
}

/** …/consumer-principals */
export const consumerPrincipalRoutes: readonly RestRoute[] = [
  taskRoute(
    `${SERVICE}.create$task`,
    (call: RestCall<CreateSpec>) => {
      const trust = clusterOf(call);
      const { certificates, issuer, issuer_alias, principal } = call.body;
      const spec = {
        principal,
        issuer,
        issuerAlias: issuer_alias,
        certificates: certificates.map((one) => one.cert_chain),
      };
      return { trust, spec, plan: planPrincipal(trust, spec) };
    },
    (_call, { trust, spec, plan }) => createPrincipal(trust, plan, spec),
  ),
  taskRoute(
    `${SERVICE}.list$task`,
    (call: RestCall<FilterSpec | undefined>) => clusterOf(call),
    ({ body }, trust) =>
      listAll(trust, CONSUMER_PRINCIPALS)
        .filter(({ id, issuer }) => passes(body?.id, id) && passes(body?.issuer, issuer))
        .filter(({ principal }) => passes(body?.principals?.map(principalText), principalText(principal)))
        .map(summary),
  ),
  taskRoute(
    `${SERVICE}.get$task`,
    (call) => {
      const trust = clusterOf(call);
      return { trust, principal: findOne(trust, CONSUMER_PRINCIPALS, pathValue(call, 'profile')) };
    },
    (_call, { trust, principal }) => {
      const { health, details } = healthOf(trust, CONSUMER_PRINCIPALS, principal.id);
      return {
        ...summary(principal),
        certificates: principal.certificates.map(chain),
        health,
        ...(details[0] ? { message: details[0] } : {}),
      };
    },
  ),
  taskRoute(
    `${SERVICE}.delete$task`,
    (call) => {
      const trust = clusterOf(call);
      findOne(trust, CONSUMER_PRINCIPALS, pathValue(call, 'profile'));
      return trust;
    },
    (call, trust) => removeOne(trust, CONSUMER_PRINCIPALS, pathValue(call, 'profile')),
  ),
];

function summary({ id, principal, issuerAlias, issuer }: ConsumerPrincipal): Record<string, unknown> {
  return { id, principal, issuer_alias: issuerAlias, issuer };
}

function principalText({ id, type }: StsPrincipal): string {
  return `${type} ${id.name}@${id.domain}`;
}
