import type { RestRoute } from './route';
import { sessionRoutes } from './session';
import { taskRoutes } from './tasks';

/** Every route of a vCenter; one list a subject, in the order of the contract's documents. */
export const ROUTES: readonly RestRoute[] = [...sessionRoutes, ...taskRoutes];
