import { randomUUID } from 'node:crypto';

import { isCertificate } from './certificates';
import { Fault } from './fault';
import type { TrustCluster } from './trust-cluster';
import { createOn, listAll, planCreate, type Collection } from './trust-collection';
import type { ConsumerPrincipal } from './trust-state';

/** Consumer principals: token services whose hosts may attest and get keys. */
export const CONSUMER_PRINCIPALS: Collection<ConsumerPrincipal> = {
  kind: 'consumer principal',
  of: (copy) => copy.consumerPrincipals,
  key: (principal) => principal.id,
  form: (principal) => principal,
};

/** documented: one profile an issuer. @throws Fault ALREADY_EXISTS, ERROR (certificates: INVALID_ARGUMENT is not declared) */
export function planPrincipal(trust: TrustCluster, spec: Omit<ConsumerPrincipal, 'id'>): ReturnType<typeof planCreate> {
  if (spec.certificates.length === 0 || !spec.certificates.flat().every(isCertificate)) {
    throw new Fault('ERROR', 'The certificates of the principal cannot be read.');
  }
  return planCreate(trust, CONSUMER_PRINCIPALS, (candidate) => candidate.issuer === spec.issuer, spec.issuer);
}

/** Creates the profile; a host that lacks one that others have gets it under their id. @returns its id */
export function createPrincipal(
  trust: TrustCluster,
  plan: ReturnType<typeof planCreate>,
  spec: Omit<ConsumerPrincipal, 'id'>,
): string {
  const known = listAll(trust, CONSUMER_PRINCIPALS).find((candidate) => candidate.issuer === spec.issuer);
  const id = known?.id ?? randomUUID();
  createOn(trust, CONSUMER_PRINCIPALS, plan, { id, ...spec });
  return id;
}
