import { readFile } from 'node:fs/promises';
import type {
  Infrastructure,
  SecretReference,
  TlsTrust as ConfiguredTrust,
  VCenterEndpoint,
} from '../model/infrastructure';
import { EsxiHost } from '../vsphere/esxi';
import type { CredentialsSource } from '../vsphere/rest-session';
import type { TlsTrust } from '../vsphere/tls';
import { VCenter } from '../vsphere/vcenter';
import { VimClient } from '../vsphere/vim/vim-client';
import { refuse } from './to-failure';

/** Both APIs of one vCenter, over the same connections. */
export class ConnectedVCenter extends VCenter {
  readonly vim: VimClient;

  constructor(...parameters: ConstructorParameters<typeof VCenter>) {
    super(...parameters);
    this.vim = new VimClient({ transport: this.transport, credentials: parameters[1] });
  }

  override async close(): Promise<void> {
    await this.vim.close({ deadlineMs: 5_000 }).catch(() => undefined);
    await super.close();
  }
}

/** The name by which plans and people know a vCenter. */
export function vCenterName(endpoint: Pick<VCenterEndpoint, 'url' | 'name'>): string {
  return endpoint.name ?? new URL(endpoint.url).host;
}

/**
 * How long the id of a cluster is believed. A cluster that was made anew has its old name and another id; other workers
 * may have planned with that.
 */
const CLUSTER_ID_MS = 60_000;

type ResolveSecret = (reference: SecretReference, field: string) => Promise<string>;

/** The open connections of one infrastructure. Passwords are resolved at each login and kept nowhere. */
export class Connections {
  private readonly vCenters = new Map<string, Promise<ConnectedVCenter>>();
  private readonly clusterIds = new Map<string, Promise<string>>();
  private clusterIdsSince = 0;

  constructor(
    private readonly infrastructure: Infrastructure,
    private readonly resolveSecret: ResolveSecret,
  ) {}

  /** Every vCenter endpoint, the Trust Authority's first, in the order of the file. */
  endpoints(): VCenterEndpoint[] {
    const { trustAuthority, trusted } = this.infrastructure;
    return [trustAuthority.vCenter, ...trusted.map(({ vCenter }) => vCenter)];
  }

  endpoint(name: string): VCenterEndpoint {
    const found = this.endpoints().find((endpoint) => vCenterName(endpoint) === name);
    if (found === undefined)
      throw refuse('VTA_INFRASTRUCTURE_CHANGED', `The configuration names no vCenter "${name}". Nothing was changed.`);
    return found;
  }

  /** @param name as in plans */
  async vCenter(name: string): Promise<ConnectedVCenter> {
    return await remember(this.vCenters, name, async () => {
      const { url, username, password, tls } = this.endpoint(name);
      const credentials = this.credentials(username, password, `password of ${name}`);
      return new ConnectedVCenter({ url, trust: await trustOf(tls) }, credentials);
    });
  }

  async trustAuthorityVCenter(): Promise<ConnectedVCenter> {
    return await this.vCenter(vCenterName(this.infrastructure.trustAuthority.vCenter));
  }

  async trustAuthorityClusterId(): Promise<string> {
    const { vCenter, cluster } = this.infrastructure.trustAuthority;
    return await this.clusterId(vCenterName(vCenter), cluster);
  }

  /**
   * The id of a cluster by its name.
   * @throws ApplicationFailure VTA_CLUSTER_NOT_FOUND
   */
  async clusterId(vCenterName: string, cluster: string): Promise<string> {
    if (performance.now() - this.clusterIdsSince > CLUSTER_ID_MS) this.forgetClusterIds();
    return await remember(this.clusterIds, `${vCenterName}/${cluster}`, async () => {
      const vCenter = await this.vCenter(vCenterName);
      const found = (await vCenter.inventory.clusters()).filter(({ name }) => name === cluster);
      if (found[0] === undefined || found.length > 1)
        throw refuse(
          'VTA_CLUSTER_NOT_FOUND',
          `${vCenterName} has ${found.length === 0 ? 'no' : 'more than one'} cluster named "${cluster}". Give the cluster's name as the vSphere Client shows it, and a name that is unique.`,
        );
      return found[0].cluster;
    });
  }

  /** Makes the next question for a cluster ask its vCenter: a plan holds what is true now. */
  forgetClusterIds(): void {
    this.clusterIds.clear();
    this.clusterIdsSince = performance.now();
  }

  /**
   * A host spoken to directly, for one call: the caller closes it.
   * @param confirmedCertificate SHA-256 of the one certificate to accept, in place of what the configuration trusts
   * @throws ApplicationFailure VTA_BASE_IMAGE_EXPORT_FAILED when the configuration names no ESXi account
   */
  async esxi(host: string, confirmedCertificate?: string): Promise<EsxiHost> {
    const { esxi } = this.infrastructure;
    if (esxi === undefined)
      throw refuse(
        'VTA_BASE_IMAGE_EXPORT_FAILED',
        `No ESXi account is configured, so ${host} cannot be asked. Add "esxi" to the configuration, or give the base image as a file.`,
      );
    const thumbprint = confirmedCertificate ?? esxi.tls.thumbprints[host];
    const trust = await trustOf({
      ...(esxi.tls.caFile === undefined ? {} : { caFile: esxi.tls.caFile }),
      ...(thumbprint === undefined ? {} : { thumbprint }),
    });
    const url = esxi.urls[host] ?? `https://${host}`;
    return new EsxiHost({ url, trust }, this.credentials(esxi.username, esxi.password, 'esxi.password'));
  }

  /**
   * The account of ESXi hosts, for their vCenter that is to connect to one. A secret: used at once and kept nowhere.
   * @throws ApplicationFailure VTA_HOST_NOT_ADDED when none is configured
   */
  async esxiCredentials(): Promise<{ username: string; password: string }> {
    const { esxi } = this.infrastructure;
    if (esxi === undefined) throw refuse('VTA_HOST_NOT_ADDED', 'No account for ESXi hosts is configured.');
    return await this.credentials(esxi.username, esxi.password, 'esxi.password')();
  }

  async close(): Promise<void> {
    const open = await Promise.allSettled(this.vCenters.values());
    await Promise.all(open.flatMap((vCenter) => (vCenter.status === 'fulfilled' ? [vCenter.value.close()] : [])));
  }

  private credentials(username: string, password: SecretReference, field: string): CredentialsSource {
    return async () => ({ username, password: await this.resolveSecret(password, field) });
  }
}

/** A thumbprint names one certificate and is stricter than any authority. */
export async function trustOf(tls: ConfiguredTrust): Promise<TlsTrust> {
  if (tls.thumbprint !== undefined) return { kind: 'thumbprint', sha256: tls.thumbprint };
  if (tls.caFile === undefined) return { kind: 'system' };
  try {
    return { kind: 'ca', pem: await readFile(tls.caFile, 'utf8') };
  } catch {
    throw refuse('VTA_TLS_NOT_TRUSTED', `The CA file "${tls.caFile}" cannot be read; without it nothing is trusted.`);
  }
}

/** Makes a thing once, also for callers at the same time; a failure is not remembered. */
async function remember<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known !== undefined) return await known;
  const making = make();
  made.set(key, making);
  try {
    return await making;
  } catch (error) {
    made.delete(key);
    throw error;
  }
}
