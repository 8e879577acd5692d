import { boolean, object, oneOf, string, timestamp, type Decoded } from './decode';
import type { ClusterId, CommitId, HostId } from './ids';
import {
  applyResult,
  checkResult,
  clusterCompliance,
  softwareInfo,
  type ApplyResult,
  type CheckResult,
  type ClusterCompliance,
  type SoftwareInfo,
} from './lifecycle-values';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';

const enablement = object({ enabled: boolean });
const commit = object({
  author: string,
  commit_time: timestamp,
  description: string,
  apply_status: oneOf('APPLIED', 'NOT_APPLIED'),
});
/** Who committed a desired image, when, and whether it was applied. */
export type Commit = Decoded<typeof commit>;

/** At least one host: for vLCM an empty list means *all* hosts of the cluster. */
type SomeHosts = readonly [HostId, ...HostId[]];

/** What an apply, stage or check is asked to do. */
export interface HostSelection {
  readonly hosts: SomeHosts;
  /** The commit that is to be applied: a *minimum*, a later one wins. Read the desired image before and after. */
  readonly commit: CommitId;
}

/**
 * Images of clusters (vLCM), `…` is `/api/esx/settings/clusters/{cluster}`. All since 7.0.0.0 unless noted.
 * One operation at a time runs on a cluster; another is refused as NOT_ALLOWED_IN_CURRENT_STATE.
 */
export class Lifecycle {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/enablement/software` · repeatable. False: the cluster is managed by baselines, which have no REST API. */
  async isImageManaged(cluster: ClusterId, options?: CallOptions): Promise<boolean> {
    return (await this.rest.get(path`/api/esx/settings/clusters/${cluster}/enablement/software`, enablement, options))
      .enabled;
  }

  /** `GET …/software` · repeatable. The desired image as it stands. */
  software(cluster: ClusterId, options?: CallOptions): Promise<SoftwareInfo> {
    return this.rest.get(software(cluster), softwareInfo, options);
  }

  /** `GET …/software/commits/{commit}` · repeatable. */
  commit(cluster: ClusterId, commitId: CommitId, options?: CallOptions): Promise<Commit> {
    return this.rest.get(`${software(cluster)}${path`/commits/${commitId}`}`, commit, options);
  }

  /** `GET …/software/compliance` · repeatable. As of the last scan: look at `scan_time`. */
  compliance(cluster: ClusterId, options?: CallOptions): Promise<ClusterCompliance> {
    return this.rest.get(`${software(cluster)}/compliance`, clusterCompliance, options);
  }

  /** `POST …/software?action=scan` · task · repeatable: it changes no host. */
  scan(cluster: ClusterId, options?: CallOptions): Promise<Task<ClusterCompliance>> {
    const request = { method: 'POST', path: action(cluster, 'scan') } as const;
    return this.rest.start(request, clusterCompliance, options);
  }

  /**
   * `POST …/software?action=check` · task · repeatable: it changes no host. NOT_ALLOWED_IN_CURRENT_STATE also when the
   * commit has already been applied.
   */
  check(cluster: ClusterId, selection: HostSelection, options?: CallOptions): Promise<Task<CheckResult>> {
    return this.#onHosts(cluster, 'check', selection, {}, checkResult, options);
  }

  /** `POST …/software?action=stage` · task · since 8.0.0.1 · repeatable: what is staged is not staged again. */
  stage(cluster: ClusterId, selection: HostSelection, options?: CallOptions): Promise<Task<ApplyResult>> {
    return this.#onHosts(cluster, 'stage', selection, {}, applyResult, options);
  }

  /**
   * `POST …/software?action=apply` · task · NOT repeatable: after a lost answer look for the task, then at
   * `last-apply-result`. ALREADY_IN_DESIRED_STATE if nothing is to be done. The EULA is accepted, since an apply
   * without that may fail.
   */
  apply(cluster: ClusterId, selection: HostSelection, options?: CallOptions): Promise<Task<ApplyResult>> {
    return this.#onHosts(cluster, 'apply', selection, { accept_eula: true }, applyResult, options);
  }

  /** `GET …/software/reports/last-apply-result` · repeatable. NOT_FOUND if nothing was ever applied. */
  lastApplyResult(cluster: ClusterId, options?: CallOptions): Promise<ApplyResult> {
    return this.rest.get(`${software(cluster)}/reports/last-apply-result`, applyResult, options);
  }

  #onHosts<T>(
    cluster: ClusterId,
    verb: 'check' | 'stage' | 'apply',
    selection: HostSelection,
    more: Readonly<Record<string, unknown>>,
    result: Task<T>['result'],
    options?: CallOptions,
  ): Promise<Task<T>> {
    // Again at run time: a list that came through JSON may be empty, and then this would be the whole cluster.
    const hosts: readonly HostId[] = selection.hosts;
    if (hosts.length === 0 || hosts.some((host) => host === '')) {
      throw new TypeError(`${verb}: the hosts must be named; an empty list would mean all hosts of the cluster`);
    }
    if (selection.commit === '') throw new TypeError(`${verb}: the commit must be named`);
    const body = { commit: selection.commit, hosts, ...more };
    return this.rest.start({ method: 'POST', path: action(cluster, verb), body }, result, options);
  }
}

function software(cluster: ClusterId): string {
  return path`/api/esx/settings/clusters/${cluster}/software`;
}

function action(cluster: ClusterId, verb: string): string {
  return withQuery(software(cluster), { action: verb });
}
