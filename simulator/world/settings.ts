/** How long things take in a world, in milliseconds. A scenario may change each of them. */
export interface Durations {
  /** A task stays queued that long. */
  taskQueued: number;
  /** A task that only reads or writes configuration. */
  taskWork: number;
  /** A task's record can be read that long after it ended. */
  taskRetention: number;
  enterMaintenanceMode: number;
  exitMaintenanceMode: number;
  /** Moving one running VM off a host. */
  vmMigration: number;
  reboot: number;
  quickBoot: number;
  /** A host that a request cannot reach: until it counts as not responding. */
  notRespondingAfter: number;
  disconnect: number;
  reconnect: number;
  addHost: number;
  removeHost: number;
  serviceChange: number;
  imageScan: number;
  imageCheck: number;
  imageStage: number;
  /** Installing an image on one host, without its boot. */
  imageInstall: number;
  /** vLCM gives up on a host that does not get into maintenance mode. */
  remediationEvacuation: number;
  /** vLCM gives up on a host that does not come back from its boot. */
  remediationReturn: number;
  /** How long one second of a policy's `retry_delay` lasts. */
  retrySecond: number;
  draftValidate: number;
  draftCommit: number;
  applianceStage: number;
  appliancePrecheck: number;
  /** Installing an update, until the appliance goes away. */
  applianceInstall: number;
  /** How long the appliance is unreachable. */
  applianceReboot: number;
  /** From the first answer to a working inventory. */
  applianceSettle: number;
  backup: number;
  /** From a cause (boot, reconnect, change of trusted images) to the new attestation. */
  attestation: number;
  /** Between two attestations without a cause. */
  attestationPeriod: number;
  /** How long an attestation report is good (`attestedUntil`). */
  attestationValidity: number;
  /** A session without requests ends. */
  sessionIdle: number;
}

/** Defaults: a whole run of the `demo` scenario takes about a minute. */
export const DEFAULT_DURATIONS: Durations = {
  taskQueued: 0,
  taskWork: 60,
  taskRetention: 3_600_000,
  enterMaintenanceMode: 400,
  exitMaintenanceMode: 200,
  vmMigration: 150,
  reboot: 1_500,
  quickBoot: 600,
  notRespondingAfter: 300,
  disconnect: 150,
  reconnect: 300,
  addHost: 400,
  removeHost: 200,
  serviceChange: 100,
  imageScan: 200,
  imageCheck: 300,
  imageStage: 400,
  imageInstall: 800,
  remediationEvacuation: 10_000,
  remediationReturn: 5_000,
  retrySecond: 10,
  draftValidate: 150,
  draftCommit: 150,
  applianceStage: 800,
  appliancePrecheck: 200,
  applianceInstall: 1_500,
  applianceReboot: 2_000,
  applianceSettle: 300,
  backup: 800,
  attestation: 400,
  attestationPeriod: 5_000,
  attestationValidity: 86_400_000,
  sessionIdle: 300_000,
};

/** What no source settles: each behaviour both ways. The first value is the default. */
export interface Switches {
  /**
   * Creating a vTA object that some hosts have and others lack: ALREADY_EXISTS, but those that lack it get it; or
   * ALREADY_EXISTS and nothing; or success and those that lack it get it.
   */
  createOnPartial: 'applied-with-error' | 'already-exists' | 'converge';
  /** Where an operation that exists as a task only reports its errors. */
  errorsAt: 'submit' | 'task';
  /** A Trusted Host attests whenever it is connected, or only outside maintenance mode. */
  attestInMaintenanceMode: boolean;
  /** A new attestation begins by itself, or only after the host was reconnected or rebooted. */
  attestOnlyAfterReconnect: boolean;
  /** vLCM leaves a host that was in maintenance mode before in it, or takes it out. */
  remediationKeepsMaintenanceMode: boolean;
  /** Does a Quick Boot change `bootTime`? */
  quickBootChangesBootTime: boolean;
  /** GET /boot_imgdb.tgz of ESXi wants root's password. */
  imageExportNeedsLogin: boolean;
  /** `GET /boot_imgdb.tgz` describes the running image (R16) or the one of the last full boot. */
  imageExportDescribes: 'running' | 'booted';
  /** Removing a base image that hosts attest with. */
  removeImageInUse: 'allowed' | 'refused';
  /** A host that is added again gets the managed object id that it had. */
  reAddKeepsMoid: boolean;
  /** Entering maintenance mode moves running VMs away (DRS) or waits for somebody to do it. */
  evacuateVms: boolean;
  /** RebootHost uses Quick Boot where the policy of the cluster enables it. */
  rebootUsesQuickBoot: boolean;
  /** A host that is added to a Trust Authority Cluster again still has the vTA configuration that it left with. */
  reAddedHostKeepsTrust: boolean;
  /** Records of CIS tasks can still be read after the appliance restarted. */
  tasksSurviveReboot: boolean;
  /** vLCM refuses a desired image older than what runs. */
  refuseDowngrade: boolean;
  /** A remediation in which a host failed: the task fails as well, or it succeeds and only its result tells. */
  applyTaskFailsWithHost: boolean;
  /** A host whose remediation failed after it was put into maintenance mode stays in it. */
  failedHostStaysInMaintenanceMode: boolean;
  /** vim25: where a property read tells of an unknown property or a missing session; the call, or each object. */
  readErrorsAt: 'fault' | 'missing-set';
  /** vim25: RebootHost_Task succeeds as soon as the host goes down, or when it is back. */
  rebootTaskEnds: 'initiated' | 'returned';
  /** Registers of a TPM (a map with numbers as keys) in its answers: none, or with the numbers as text. */
  tpmRegisters: 'omitted' | 'listed';
}

export const DEFAULT_SWITCHES: Switches = {
  createOnPartial: 'applied-with-error',
  errorsAt: 'submit',
  attestInMaintenanceMode: true,
  attestOnlyAfterReconnect: false,
  remediationKeepsMaintenanceMode: true,
  quickBootChangesBootTime: true,
  imageExportNeedsLogin: true,
  imageExportDescribes: 'running',
  removeImageInUse: 'allowed',
  reAddKeepsMoid: false,
  evacuateVms: true,
  rebootUsesQuickBoot: true,
  reAddedHostKeepsTrust: false,
  tasksSurviveReboot: false,
  refuseDowngrade: true,
  applyTaskFailsWithHost: false,
  failedHostStaysInMaintenanceMode: true,
  readErrorsAt: 'fault',
  rebootTaskEnds: 'initiated',
  tpmRegisters: 'omitted',
};

/** Values of the switches that are not plain yes or no. */
export const SWITCH_CHOICES = {
  createOnPartial: ['applied-with-error', 'already-exists', 'converge'],
  errorsAt: ['submit', 'task'],
  imageExportDescribes: ['running', 'booted'],
  removeImageInUse: ['allowed', 'refused'],
  readErrorsAt: ['fault', 'missing-set'],
  rebootTaskEnds: ['initiated', 'returned'],
  tpmRegisters: ['omitted', 'listed'],
} as const satisfies { [Name in ChoiceName]: readonly Switches[Name][] };

type ChoiceName = { [Name in keyof Switches]: Switches[Name] extends boolean ? never : Name }[keyof Switches];

/** Everything of a scenario that is not state. */
export interface Settings {
  durations: Durations;
  switches: Switches;
}
