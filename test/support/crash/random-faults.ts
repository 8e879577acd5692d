import type { FaultSpec } from '../../../simulator/world/faults';
import type { Dice } from '../dice';

const HOSTS = ['ta-host-1.lab.example', 'ta-host-2.lab.example', 'host-1.lab.example'];
const VCENTERS = ['ta-vc', 'workload-vc'];

/** Calls that change something, where a lost answer or a refusal asks most of a run; and any call at all. */
const OPERATIONS = [
  '*',
  '*',
  '*',
  'EnterMaintenanceMode_Task',
  'ExitMaintenanceMode_Task',
  'DisconnectHost_Task',
  'Destroy_Task',
  'AddHost_Task',
  'RetrievePropertiesEx',
  'Login',
  'software.apply',
  'software.drafts.*',
  'policies.apply.*',
  'base_images.import_from_imgdb*',
  'service_status.*',
  'kms.providers.*',
  'GET boot_imgdb.tgz',
];

/** The faults of one order: one to four; each kind that the simulator has is among them. */
export function randomFaults(dice: Dice): FaultSpec[] {
  return Array.from({ length: 1 + dice.below(4) }, () => dice.pick(KINDS)(dice));
}

type Draw = (dice: Dice) => FaultSpec;

const atHost =
  (kind: FaultSpec['kind'], hosts = HOSTS): Draw =>
  (dice) => ({ kind, host: dice.pick(hosts), count: 1 + dice.below(2) });
const atVCenter =
  (kind: FaultSpec['kind']): Draw =>
  (dice) => ({ kind, vCenter: dice.pick(VCENTERS) });
const atRequest =
  (kind: FaultSpec['kind'], more: (dice: Dice) => Partial<FaultSpec> = () => ({})): Draw =>
  (dice) => {
    const operation = dice.pick(OPERATIONS);
    const skip = dice.below(operation === '*' ? 250 : 4);
    return { kind, operation, skip, count: 1 + dice.below(3), ...more(dice) };
  };
const atTask =
  (kind: FaultSpec['kind']): Draw =>
  (dice) => ({ kind, operation: '*', skip: dice.below(25) });

const KINDS: readonly Draw[] = [
  atRequest('error'),
  atRequest('error', () => ({ operation: 'software.apply', error: 'NOT_ALLOWED_IN_CURRENT_STATE' })),
  atRequest('hang', (dice) => ({ milliseconds: 500 + dice.below(5_000) })),
  atRequest('delay', (dice) => ({ milliseconds: 100 + dice.below(3_000) })),
  atRequest('reply-lost'),
  atRequest('half-body'),
  atRequest('session-expired'),
  atTask('task-fails'),
  atTask('task-hangs'),
  atTask('task-record-gone'),
  atHost('no-return'),
  atHost('old-build'),
  (dice) => ({ kind: 'service-down', host: dice.pick(HOSTS.slice(0, 2)), service: dice.pick(['attestd', 'kmxd']) }),
  (dice) => ({ kind: 'service-broken', host: dice.pick(HOSTS.slice(0, 2)), service: dice.pick(['attestd', 'kmxd']) }),
  // Once more: failures of Trust Authority Hosts are what a recovery is for.
  (dice) => ({ kind: 'service-broken', host: dice.pick(HOSTS.slice(0, 2)), service: 'attestd' }),
  atHost('old-build', HOSTS.slice(0, 2)),
  atHost('not-attest', HOSTS.slice(2)),
  atHost('attestation-stale', HOSTS.slice(2)),
  atHost('mm-hangs'),
  atHost('remediation-skipped'),
  atHost('remediation-fails'),
  atHost('desired-image-edited'),
  atHost('stranger-remediates'),
  atVCenter('update-fails'),
  atVCenter('vcenter-no-return'),
  atVCenter('backup-fails'),
];
