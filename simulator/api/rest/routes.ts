import type { RestRoute } from './route';

/** Every route of a vCenter; one list a subject, in the order of the contract's documents. */
export const ROUTES: readonly RestRoute[] = [];
