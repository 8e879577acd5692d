import type { Appliance } from './appliance-state';
import type { EsxImage } from './image';
import type { ClusterLifecycle, Depot } from './lifecycle-state';
import type { ApplianceRole, Privileges } from './privileges';
import type { AttestationInfo, RegisteredService, StsPrincipal, TrustCopy, TrustServices } from './trust-state';

/** The whole state of a world. JSON-plain: GET /world sends it as it is (without secrets). Times are milliseconds. */
export interface WorldState {
  vCenters: VCenter[];
  /** Every machine, whether a vCenter manages it or not. */
  hosts: Host[];
  vms: Vm[];
  keyServers: KeyServer[];
}

/** An account of a vCenter. */
export interface User {
  /** `administrator@vsphere.local` */
  name: string;
  password: string;
  groups: string[];
  privileges: Privileges;
  applianceRole: ApplianceRole;
}

export interface VCenter {
  /** Id in the scenario; what events, faults and tasks name. */
  id: string;
  role: 'trust-authority' | 'trusted';
  /** Fully qualified name, e.g. `ta-vc.lab.example`. */
  name: string;
  instanceUuid: string;
  /** `8.0.2.00100` */
  version: string;
  build: string;
  /** `unreachable` while the appliance reboots (connections are cut), `starting`: it answers 503. */
  availability: 'up' | 'unreachable' | 'starting';
  users: User[];
  datacenter: { moid: string; name: string; hostFolder: string; vmFolder: string };
  clusters: Cluster[];
  principal: { principal: StsPrincipal; issuer: string; name: string; certificates: string[][] };
  /** vCenter-level registrations (workload vCenter). */
  attestationServices: RegisteredService[];
  kmsServices: RegisteredService[];
  depot: Depot;
  appliance: Appliance;
  /** Next number of a managed object id. */
  nextMoid: number;
}

export interface Cluster {
  /** `domain-c8` */
  moid: string;
  name: string;
  /** `resgroup-9` */
  resourcePool: string;
  haEnabled: boolean;
  drsEnabled: boolean;
  /** State of a Trust Authority Cluster; `DISABLE` on every other cluster. */
  trustAuthority: 'ENABLE' | 'DISABLE';
  /** Desired trust services of a Trusted Cluster; both lists empty on every other cluster. */
  trustServices: TrustServices;
  lifecycle: ClusterLifecycle;
}

export interface HostService {
  key: string;
  label: string;
  running: boolean;
  required: boolean;
  policy: 'on' | 'automatic' | 'off';
}

/** The TPM of a host. */
interface HostTpm {
  present: boolean;
  /** `tpm0` */
  id: string;
  manufacturer: string;
  model: string;
  firmwareVersion: string;
  /** Endorsement key, PEM. */
  endorsementKey: string;
  endorsementCertificate: string;
  /** Certificate of the maker's CA, PEM. */
  manufacturerCertificate: string;
}

/**
 * A machine with ESXi. It exists whether a vCenter manages it or not: `vCenter` and `cluster` are null after it was
 * removed from the inventory, and it gets a new `moid` when it is added again. `hardwareUuid` and `name` stay.
 */
export interface Host {
  name: string;
  moid: string;
  vCenter: string | null;
  /** Moid of its cluster. */
  cluster: string | null;
  hardwareUuid: string;
  vendor: string;
  model: string;
  connectionState: 'connected' | 'disconnected' | 'notResponding';
  powerState: 'poweredOn' | 'poweredOff';
  /** It answers on its network; false while it boots, and for good after a boot that failed. */
  up: boolean;
  inMaintenanceMode: boolean;
  /** Milliseconds. */
  bootTime: number;
  /** What runs now. */
  runningImage: EsxImage;
  /** What was measured at the last full boot: attestation speaks of this one (R12). */
  bootedImage: EsxImage;
  /** The other boot bank: what "revert" returns to. */
  alternateBank: EsxImage | null;
  /** Image staged by vLCM for the next remediation. */
  stagedImage: EsxImage | null;
  quickBootSupported: boolean;
  lastBoot: 'full' | 'quick';
  /** Set while something changes the host: what it is doing. */
  busy: 'entering-maintenance-mode' | 'rebooting' | 'remediating' | 'disconnecting' | null;
  services: HostService[];
  /** A service that does not stay up until the next boot, whoever starts it. */
  brokenService: string | null;
  secureBoot: boolean;
  tpm: HostTpm;
  /** The host has a licence that holds vSphere Trust Authority. */
  trustLicence: boolean;
  /** root's password. */
  rootPassword: string;
  /** PEM of its TLS certificate, and the SHA-1 thumbprint as vCenter shows it. */
  certificate: string;
  sslThumbprint: string;
  /** Trust Authority Host: its copy of the vTA configuration. */
  trust: TrustCopy | null;
  /** Trusted Host: its copy of the cluster's trust services. */
  appliedTrust: TrustServices;
  /** Trusted Host: its attestation, one entry for each attestation service it applied. */
  attestation: AttestationInfo[];
}

/** A KMIP key server of the site. */
export interface KeyServer {
  hostname: string;
  /** Its TLS certificate, PEM. */
  certificate: string;
  reachable: boolean;
  /** Client certificates that it trusts, PEM. */
  trustedClients: string[];
  /** Account that it wants, if any. */
  username?: string;
  password?: string;
}

export interface Vm {
  moid: string;
  name: string;
  /** Null: it left the inventory with its host. */
  vCenter: string | null;
  /** Name of its host. */
  host: string;
  powerState: 'POWERED_ON' | 'POWERED_OFF' | 'SUSPENDED';
  encrypted: boolean;
  cpuCount: number;
  memoryMb: number;
  /** False: DRS cannot move it, so its host never gets into maintenance mode while it runs. */
  migratable: boolean;
}
