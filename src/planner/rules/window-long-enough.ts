import { Temporal } from 'temporal-polyfill';
import type { ClusterRole } from '../../model/inventory';
import type { Finding } from '../../model/plan';
import { describeWindow } from '../describe-window';
import { estimateHostMs, estimateVCenterMs } from '../estimate';
import { roomFor, whenToBegin } from '../maintenance-window';
import { nameList } from '../name-list';
import { runScope } from '../run-scope';
import type { Rule } from './rule';

/**
 * M13: nothing is begun that will not end inside the window. A remark and no refusal, since before a run there are only
 * estimates: where they are too long, the run asks people before it begins such a step.
 */
export const windowLongEnough: Rule = (request, inventory) => {
  const { window } = request;
  if (window === undefined) return [];
  const { vCenters, clusters } = runScope(request, inventory);
  const { pace } = inventory;
  const readAt = Temporal.Instant.from(inventory.readAt).epochMilliseconds;
  const soakMs = request.soakMs ?? pace.soakMs;
  const steps = [
    ...vCenters.flatMap(({ vCenter, upgradeTo }) =>
      upgradeTo === undefined
        ? []
        : [{ names: [vCenter.name], what: 'vCenter', ms: estimateVCenterMs(vCenter, pace, soakMs) }],
    ),
    ...(['trust-authority', 'reference', 'trusted'] as const).map((role) => ({
      names: clusters.flatMap(({ cluster, toUpgrade }) =>
        cluster.role === role ? toUpgrade.map(({ name }) => name) : [],
      ),
      what: KINDS[role],
      ms: estimateHostMs({ role }, pace, soakMs),
    })),
  ];
  return steps
    .filter(({ names }) => names.length > 0)
    .flatMap(({ names, what, ms }): Finding[] => {
      const found = whenToBegin(window, readAt, ms, roomFor(ms));
      if (found.kind !== 'never') return [];
      return [
        {
          code: 'VTA_WINDOW_TOO_SHORT',
          subject: `${what} ${nameList(names)}`,
          message:
            `One of them takes about ${minutes(ms)} by the estimate, and no opening of the maintenance window within a year is ` +
            `that long and a tenth longer (${describeWindow(window)}; the longest lasts ${minutes(found.longestMs)}). The run begins none of ` +
            `them by itself: it parks and asks before each, until one of the kind was measured and is short enough.`,
          remedy: 'Give a longer window; or approve the plan, and decide "retry" when the run asks.',
        },
      ];
    });
};

const KINDS: Record<ClusterRole, string> = {
  'trust-authority': 'Trust Authority Hosts',
  reference: 'reference host',
  trusted: 'Trusted Hosts',
};

function minutes(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 60_000)} min`;
}
