/** One infrastructure of the worker's configuration file, checked and with defaults filled in. Holds no secret, only references. */

/** Where a secret is found when it is needed: `env:NAME` or `file:/path`. Never the secret itself. */
export type SecretReference = string;

/** How a TLS peer is verified. Neither given: by the certificate authorities of the system. */
export interface TlsTrust {
  /** PEM file with the authorities to trust; an absolute path once the file is read. */
  caFile?: string;
  /** SHA-256 fingerprint of the one certificate to accept, hexadecimal with colons. */
  thumbprint?: string;
}

/** Where a vCenter's own backup goes before it is updated. */
export type VCenterBackup =
  | { location: string; username?: string; password?: SecretReference; encryption?: SecretReference }
  /** Somebody else takes it; the reason is shown in the plan and approved with it. */
  | { elsewhere: string };

/** One vCenter and the account used on it. */
export interface VCenterEndpoint {
  url: string;
  /** What plans and workflow ids call it; not given: the host of the URL, with its port where it is not 443. */
  name?: string;
  username: string;
  password: SecretReference;
  tls: TlsTrust;
  /** Not given: the plan warns that no backup is configured. */
  backup?: VCenterBackup;
}

/** How ESXi hosts are reached directly, for the export of base images. */
export interface EsxiAccess {
  username: string;
  password: SecretReference;
  tls: { caFile?: string; thumbprints: Record<string, string> };
  /** Base URL by host name, where a host is not at `https://NAME`. */
  urls: Record<string, string>;
}

/** Who may answer gates, how many of them a gate needs, and when an open gate reminds (milliseconds). */
export interface ApprovalRules {
  approvers: string[];
  required: number;
  expireAfterMs: number;
}

/** Who brings ESXi back to its old version when a Trust Authority Host has to be reverted (R21), and who restarts kmxa (R3). */
export interface RecoveryRules {
  /** A person, or the site's own activity `vtaRevertHost` on `taskQueue`. */
  revert: 'operator' | 'hook';
  /** Task queue of the site's own activities; not given: there are none. */
  taskQueue?: string;
}

/**
 * Something that is asked before each host is begun and may hold the run (M18): an endpoint whose 2xx means "go", or a
 * query of Prometheus that finds nothing as long as all is well.
 */
export type HoldCheck = {
  name: string;
  tls: TlsTrust;
  /** Sent as Bearer. */
  token?: SecretReference;
} & ({ url: string } | { prometheus: { url: string; query: string } });

/** One vSphere Trust Authority infrastructure: a Trust Authority Cluster and the Trusted Clusters it serves. */
export interface Infrastructure {
  name: string;
  trustAuthority: { vCenter: VCenterEndpoint; cluster: string };
  trusted: {
    vCenter: VCenterEndpoint;
    clusters: string[];
    /** Clusters outside of vSphere Trust Authority with test hosts that a run may upgrade for their base image (R5). */
    referenceClusters?: string[];
  }[];
  esxi?: EsxiAccess;
  /** By key provider id: what no API returns and a re-added host needs again (R32/R33). */
  keyProviders: Record<string, { password?: SecretReference; clientKey?: SecretReference }>;
  recovery: RecoveryRules;
  holds: HoldCheck[];
  /** Directory shared by all workers of this infrastructure. */
  archive: string;
  approvals: ApprovalRules;
  /** Factor on every wait of the pace table; 1 in production, small for simulators. */
  paceScale: number;
}
