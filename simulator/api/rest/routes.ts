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
import type { RestRoute } from './route';
import { sessionRoutes } from './session';
import { taskRoutes } from './tasks';

/** Every route of a vCenter; one list a subject, in the order of the contract's documents. */
export const ROUTES: readonly RestRoute[] = [
  ...applianceSystemRoutes,
  ...applianceUpdateRoutes,
  ...backupRoutes,
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
