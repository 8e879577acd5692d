import { Appliance } from './appliance';
import { ApplianceBackup } from './appliance-backup';
import { ApplianceUpdate } from './appliance-update';
import { ApplyPolicies } from './apply-policy';
import { BaseImages } from './base-images';
import { CisTasks } from './cis-tasks';
import { Depot } from './depot';
import { Drafts } from './drafts';
import { InstalledComponents } from './installed-components';
import { Inventory } from './inventory';
import { Lifecycle } from './lifecycle';
import { RestClient } from './rest-client';
import { RestSession, type CredentialsSource } from './rest-session';
import { createTransport, type Endpoint, type Transport } from './transport';
import { TrustAuthority } from './trust-authority';
import { TrustedClusters } from './trusted-clusters';
import { TrustedServices } from './trusted-services';
import { VtaConfiguration } from './vta-configuration';
import { VtaConfigurationWrites } from './vta-configuration-writes';

/** One vCenter over REST: one set of connections, one session, one client for each API. */
export class VCenter {
  /** For clients that speak something else to the same server (vim25). */
  readonly transport: Transport;
  readonly session: RestSession;
  readonly tasks: CisTasks;
  readonly trustAuthority: TrustAuthority;
  readonly baseImages: BaseImages;
  readonly vtaConfiguration: VtaConfiguration;
  readonly vtaConfigurationWrites: VtaConfigurationWrites;
  readonly trustedClusters: TrustedClusters;
  readonly trustedServices: TrustedServices;
  readonly lifecycle: Lifecycle;
  readonly drafts: Drafts;
  readonly applyPolicies: ApplyPolicies;
  readonly depot: Depot;
  readonly installedComponents: InstalledComponents;
  readonly inventory: Inventory;
  readonly appliance: Appliance;
  readonly update: ApplianceUpdate;
  readonly backup: ApplianceBackup;

  /** Connects to nothing yet. @param credentials asked at every login; see `RestSession` */
  constructor(endpoint: Endpoint, credentials: CredentialsSource) {
    this.transport = createTransport(endpoint);
    this.session = new RestSession(this.transport, credentials);
    const rest = new RestClient(this.session);
    this.tasks = new CisTasks(rest);
    this.trustAuthority = new TrustAuthority(rest);
    this.baseImages = new BaseImages(rest);
    this.vtaConfiguration = new VtaConfiguration(rest);
    this.vtaConfigurationWrites = new VtaConfigurationWrites(rest);
    this.trustedClusters = new TrustedClusters(rest);
    this.trustedServices = new TrustedServices(rest);
    this.lifecycle = new Lifecycle(rest);
    this.drafts = new Drafts(rest);
    this.applyPolicies = new ApplyPolicies(rest);
    this.depot = new Depot(rest);
    this.installedComponents = new InstalledComponents(rest);
    this.inventory = new Inventory(rest);
    this.appliance = new Appliance(rest);
    this.update = new ApplianceUpdate(rest);
    this.backup = new ApplianceBackup(rest);
  }

  /** Ends the session, if the server can be reached within a few seconds, and closes the connections. Never throws. */
  async close(): Promise<void> {
    try {
      await this.session.logout({ deadlineMs: 5_000 });
    } catch {
      // A session that cannot be ended runs into its idle limit; there is nobody to tell.
    } finally {
      this.transport.close();
    }
  }
}
