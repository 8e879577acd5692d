import { list, mapOf, object, string, type Decoded } from './decode';
import type { HostId } from './ids';
import type { RestClient } from './rest-client';
import { path } from './rest-path';
import type { CallOptions } from './transport';

const installedComponent = object(
  { version: string, display_name: string, display_version: string },
  { platforms: list(string) },
);
/** A component that is installed on a host. `platforms` since 8.0.0.1. */
export type InstalledComponent = Decoded<typeof installedComponent>;

/** What a host really runs, component by component. */
export class InstalledComponents {
  constructor(private readonly rest: RestClient) {}

  /** `GET /api/esx/hosts/{host}/software/installed-components` · since 7.0.0.0 · repeatable. By component name. */
  get(host: HostId, options?: CallOptions): Promise<Record<string, InstalledComponent>> {
    const to = path`/api/esx/hosts/${host}/software/installed-components`;
    return this.rest.get(to, mapOf(installedComponent), options);
  }
}
