import { id, mapOf, nothing, object, oneOf, string, timestamp, type Decoded } from './decode';
import type { ClusterId, CommitId, DraftId } from './ids';
import { softwareInfo } from './lifecycle-values';
import { notifications } from './localizable-message';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';

const metadata = object({ owner: string, status: oneOf('VALID', 'INVALID'), creation_time: timestamp });
const summary = object({ metadata });
export type DraftSummary = Decoded<typeof summary>;
const info = object({ metadata, software: softwareInfo });
/** A draft: a copy of the desired image that is being edited. */
export type Draft = Decoded<typeof info>;
const validation = object({ notifications });
/** What is wrong (`errors`) or doubtful (`warnings`) with a draft. */
export type DraftValidation = Decoded<typeof validation>;

/** Components of a draft: versions to set, by name (`null`: whatever the image brings), and names to take out again. */
export interface ComponentChanges {
  readonly components_to_set?: Readonly<Record<string, string | null>>;
  readonly components_to_delete?: readonly string[];
}

/**
 * Drafts of a cluster's desired image, `…` is `/api/esx/settings/clusters/{cluster}/software/drafts`; since 7.0.0.0.
 * A user has one draft per cluster; it begins as a copy of the desired image and disappears when it is committed.
 */
export class Drafts {
  constructor(private readonly rest: RestClient) {}

  /** `POST …` · not repeatable blindly: ALREADY_EXISTS if this user has a draft; list them to find it. */
  create(cluster: ClusterId, options?: CallOptions): Promise<DraftId> {
    return this.rest.call({ method: 'POST', path: drafts(cluster) }, id, options);
  }

  /** `GET …` · repeatable. All drafts of the cluster, or those of the named owners. */
  list(
    cluster: ClusterId,
    owners: readonly string[] = [],
    options?: CallOptions,
  ): Promise<Record<DraftId, DraftSummary>> {
    return this.rest.get(withQuery(drafts(cluster), { owners }), mapOf(summary), options);
  }

  /** `GET …/{draft}` · repeatable. */
  get(cluster: ClusterId, draft: DraftId, options?: CallOptions): Promise<Draft> {
    return this.rest.get(one(cluster, draft), info, options);
  }

  /** `DELETE …/{draft}` · repeatable: NOT_FOUND is as good. Only of a draft that is ours: somebody may be editing it. */
  remove(cluster: ClusterId, draft: DraftId, options?: CallOptions): Promise<undefined> {
    return this.rest.call({ method: 'DELETE', path: one(cluster, draft) }, nothing, options);
  }

  /** `PUT …/{draft}/software/base-image` · repeatable. */
  setBaseImage(cluster: ClusterId, draft: DraftId, version: string, options?: CallOptions): Promise<undefined> {
    return this.#write('PUT', `${one(cluster, draft)}/software/base-image`, { version }, options);
  }

  /** `PUT …/{draft}/software/add-on` · repeatable. */
  setAddOn(
    cluster: ClusterId,
    draft: DraftId,
    addOn: { readonly name: string; readonly version: string },
    options?: CallOptions,
  ): Promise<undefined> {
    const body = { name: addOn.name, version: addOn.version };
    return this.#write('PUT', `${one(cluster, draft)}/software/add-on`, body, options);
  }

  /** `DELETE …/{draft}/software/add-on` · repeatable: NOT_FOUND when it has none. */
  removeAddOn(cluster: ClusterId, draft: DraftId, options?: CallOptions): Promise<undefined> {
    return this.rest.call({ method: 'DELETE', path: `${one(cluster, draft)}/software/add-on` }, nothing, options);
  }

  /** `PATCH …/{draft}/software/components` · repeatable. */
  changeComponents(
    cluster: ClusterId,
    draft: DraftId,
    changes: ComponentChanges,
    options?: CallOptions,
  ): Promise<undefined> {
    return this.#write('PATCH', `${one(cluster, draft)}/software/components`, changes, options);
  }

  /** `POST …/{draft}?action=validate` · task · repeatable. */
  validate(cluster: ClusterId, draft: DraftId, options?: CallOptions): Promise<Task<DraftValidation>> {
    const to = withQuery(one(cluster, draft), { action: 'validate' });
    return this.rest.start({ method: 'POST', path: to }, validation, options);
  }

  /**
   * `POST …/{draft}?action=commit` · task · NOT repeatable: after a lost answer read the desired image. The result is
   * the new commit. INVALID_ARGUMENT carries what is wrong with the draft as `data`.
   *
   * @param message is kept with the commit for whoever asks later why the image changed
   */
  commit(cluster: ClusterId, draft: DraftId, message: string, options?: CallOptions): Promise<Task<CommitId>> {
    const to = withQuery(one(cluster, draft), { action: 'commit' });
    return this.rest.start({ method: 'POST', path: to, body: { message } }, id, options);
  }

  #write(method: 'PUT' | 'PATCH', to: string, body: object, options?: CallOptions): Promise<undefined> {
    return this.rest.call({ method, path: to, body }, nothing, options);
  }
}

function drafts(cluster: ClusterId): string {
  return path`/api/esx/settings/clusters/${cluster}/software/drafts`;
}

function one(cluster: ClusterId, draft: DraftId): string {
  return `${drafts(cluster)}${path`/${draft}`}`;
}
