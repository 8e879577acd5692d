import { applianceSystemRoutes } from './appliance-system';
import { applianceUpdateRoutes } from './appliance-update';
import { backupRoutes } from './backup';
import { depotContentRoutes } from './depot-content';
import { offlineDepotRoutes } from './depot-offline';
import { hostSoftwareRoutes } from './host-software';
import { inventoryRoutes } from './inventory';
import { hostRoutes } from './inventory-hosts';
import { draftSoftwareRoutes } from './lifecycle-draft-software';
import { draftRoutes } from './lifecycle-drafts';
import { lifecycleSettingsRoutes } from './lifecycle-settings';
import { softwareRoutes } from './lifecycle-software';
import { baseImageRoutes } from './base-images';
import { consumerPrincipalRoutes } from './consumer-principals';
import { hostTpmRoutes } from './host-tpm';
import { keyProviderSecretRoutes } from './key-provider-secrets';
import { keyProviderRoutes } from './key-providers';
import { principalRoutes } from './principal';
import { registeredServiceRoutes } from './registered-services';
import { serviceStatusRoutes } from './service-status';
import { servicesAppliedConfigRoutes } from './services-applied-config';
import { tpm2TrustRoutes } from './tpm2-trust';
import { trustAuthorityClusterRoutes } from './trust-authority-clusters';
import { trustAuthorityHostRoutes } from './trust-authority-hosts';
import { trustedClusterServiceRoutes } from './trusted-cluster-services';
import type { RestRoute } from './route';
import { sessionRoutes } from './session';
import { taskRoutes } from './tasks';

/** Every route of a vCenter; one list a subject, in the order of the contract's documents. */
export const ROUTES: readonly RestRoute[] = [
  ...applianceSystemRoutes,
  ...applianceUpdateRoutes,
  ...backupRoutes,
  ...principalRoutes,
  ...trustAuthorityClusterRoutes,
  ...baseImageRoutes,
  ...tpm2TrustRoutes,
  ...consumerPrincipalRoutes,
  ...keyProviderRoutes,
  ...keyProviderSecretRoutes,
  ...serviceStatusRoutes,
  ...trustAuthorityHostRoutes,
  ...registeredServiceRoutes,
  ...trustedClusterServiceRoutes,
  ...servicesAppliedConfigRoutes,
  ...hostTpmRoutes,
  ...sessionRoutes,
  ...taskRoutes,
  ...hostSoftwareRoutes,
  ...softwareRoutes,
  ...draftRoutes,
  ...draftSoftwareRoutes,
  ...lifecycleSettingsRoutes,
  ...depotContentRoutes,
  ...offlineDepotRoutes,
  ...inventoryRoutes,
  ...hostRoutes,
];
