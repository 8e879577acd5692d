import { number, object, oneOf, string, type Decoded } from './decode';
import type { RestClient } from './rest-client';
import type { CallOptions } from './transport';

/** Dates come as the appliance writes them for people (`releasedate`), so they stay strings. */
const version = object(
  { version: string, build: string, product: string },
  { type: string, summary: string, releasedate: string, install_time: string },
);
/** `version` is `8.0.3.00500`, `build` is `24674346`. */
export type ApplianceVersion = Decoded<typeof version>;

const health = oneOf('green', 'yellow', 'orange', 'red', 'gray');
/** `gray`: not known. */
export type ApplianceHealth = Decoded<typeof health>;

/** The vCenter appliance: `/api/appliance`, since 6.5. */
export class Appliance {
  constructor(private readonly rest: RestClient) {}

  /** `GET /api/appliance/system/version` · repeatable. The version that runs, also while an update is under way. */
  version(options?: CallOptions): Promise<ApplianceVersion> {
    return this.rest.get('/api/appliance/system/version', version, options);
  }

  /** `GET /api/appliance/health/system` · repeatable. */
  health(options?: CallOptions): Promise<ApplianceHealth> {
    return this.rest.get('/api/appliance/health/system', health, options);
  }

  /** `GET /api/appliance/system/uptime` · repeatable. Seconds since the appliance booted. */
  uptimeSeconds(options?: CallOptions): Promise<number> {
    return this.rest.get('/api/appliance/system/uptime', number, options);
  }
}
