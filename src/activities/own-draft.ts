import type { ClusterSubject } from '../model/ledger';
import type { Pace } from '../model/pace';
import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import type { DraftId } from '../vsphere/ids';
import { sameAccount } from './account';
import type { Activities } from './activities';
import type { FindSite, Site } from './dependencies';
import { callOptions } from './wait';

/** A draft that a run left behind is discarded; those of other accounts are somebody's work. */
export function createDraftActivities(findSite: FindSite): Pick<Activities, 'vtaEnsureDraftDiscarded'> {
  return {
    async vtaEnsureDraftDiscarded({ cluster, pace, ...ref }) {
      const site = findSite(ref);
      const { drafts } = await site.connections.vCenter(cluster.vCenter);
      try {
        const draft = await findOwnDraft(site, cluster, pace);
        if (draft !== undefined) await drafts.remove(cluster.id, draft, callOptions(pace));
      } catch (error) {
        // The draft, or its whole cluster, went away meanwhile.
        if (!(error instanceof ApiFault) || remedyOf(error) !== 'gone') throw error;
      }
    },
  };
}

/** The draft of a cluster's desired image that belongs to the account of its vCenter; an account has one at most. */
export async function findOwnDraft(
  { connections }: Site,
  { vCenter, id }: Pick<ClusterSubject, 'vCenter' | 'id'>,
  pace: Pace,
): Promise<DraftId | undefined> {
  const { drafts } = await connections.vCenter(vCenter);
  const { username } = connections.endpoint(vCenter);
  const all = await drafts.list(id, [], callOptions(pace));
  return Object.entries(all).find(([, { metadata }]) => sameAccount(metadata.owner, username))?.[0];
}
