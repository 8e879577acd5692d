import { id, list, nothing, object, string, timestamp, type Decoded } from './decode';
import type { BaseImageVersion, ClusterId } from './ids';
import { localizableMessage } from './localizable-message';
import type { RestClient, Task } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';
import { health, TRUSTED_INFRASTRUCTURE } from './trust-values';

const summary = object({ version: id, display_name: string, health });
/** A base image that the Trust Authority Cluster trusts. */
export type BaseImageSummary = Decoded<typeof summary>;

const info = object(
  { display_name: string, health, details: list(localizableMessage) },
  { last_attested_time: timestamp },
);
/** The same with details. `last_attested_time` (8.0.1.0) missing: no host is known to have attested with it. */
export type BaseImageInfo = Decoded<typeof info>;

/**
 * Base images of a Trust Authority Cluster (R4, R19, R28, R30). An import and a removal go to every host of the
 * cluster; health ERROR afterwards means that the hosts differ.
 */
export class BaseImages {
  constructor(private readonly rest: RestClient) {}

  /** `GET …/base-images` · task · since 7.0.0.0 · repeatable. */
  list(cluster: ClusterId, options?: CallOptions): Promise<Task<BaseImageSummary[]>> {
    return this.rest.start({ method: 'GET', path: baseImages(cluster) }, list(summary), options);
  }

  /** `GET …/base-images/{version}` · task · since 7.0.0.0 · repeatable. */
  get(cluster: ClusterId, version: BaseImageVersion, options?: CallOptions): Promise<Task<BaseImageInfo>> {
    return this.rest.start({ method: 'GET', path: `${baseImages(cluster)}${path`/${version}`}` }, info, options);
  }

  /**
   * `POST …/base-images?action=import-from-imgdb` · task · since 7.0.0.0 · not repeatable blindly: the second import
   * is refused as ALREADY_EXISTS, which says nothing about the content: same version, perhaps another image.
   *
   * @param imgdb the bytes of a `boot_imgdb.tgz`; the request's body is its base64 as one JSON string
   * @returns a task whose result is the version under which the image is known
   */
  importFromImgdb(cluster: ClusterId, imgdb: Buffer, options?: CallOptions): Promise<Task<BaseImageVersion>> {
    if (imgdb.length === 0) throw new TypeError('an empty file is no base image');
    const to = withQuery(baseImages(cluster), { action: 'import-from-imgdb' });
    return this.rest.start({ method: 'POST', path: to, body: imgdb.toString('base64') }, id, options);
  }

  /**
   * `DELETE …/base-images/{version}` · task · since 7.0.0.0 · repeatable: gone is gone (NOT_FOUND). Removes exactly one
   * image (R31). Not refused by the server while hosts still attest with it: that is for the caller to know (R13, R15).
   */
  remove(cluster: ClusterId, version: BaseImageVersion, options?: CallOptions): Promise<Task<undefined>> {
    return this.rest.start({ method: 'DELETE', path: `${baseImages(cluster)}${path`/${version}`}` }, nothing, options);
  }
}

function baseImages(cluster: ClusterId): string {
  return `${TRUSTED_INFRASTRUCTURE}${path`/trust-authority-clusters/${cluster}/attestation/os/esx/base-images`}`;
}
