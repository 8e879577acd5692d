import type { Inventory } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import type { UpgradeRequest } from '../../model/request';

/** A rule of the planner: every reason against (or, as a warning, every remark on) a request, given what was read. */
export type Rule = (request: UpgradeRequest, inventory: Inventory) => Finding[];
