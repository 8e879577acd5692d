import { text, time, type Wire } from './wire';

const update = {
  name: 'VC-8.0U3d',
  description: text('d'),
  priority: 'HIGH',
  severity: 'CRITICAL',
  update_type: 'SECURITY',
  release_date: time,
  reboot_required: true,
  size: 7000,
};
const backup = { parts: ['common'], location_type: 'SFTP', location: 'sftp://b/x', location_user: 'u' } as const;
/** An object of the caller that holds more than the API knows: it must not go out. */
const backupWithMore = { ...backup, vCenter: 'ta' };
const job = { id: '2024', state: 'INPROGRESS', progress: 10, start_time: time, messages: [] };

/** The appliance, the inventory and tasks (`contract/appliance.json`, `vcenter.json`, `cis.json`). */
export const applianceWires: Record<string, Wire> = {
  'tasks.list': {
    call: (v) =>
      v.tasks.list({ operations: ['apply$task'], targets: [{ type: 'ClusterComputeResource', id: 'domain-c8' }] }),
    request: 'POST /api/cis/tasks?action=list',
    body: {
      filter_spec: { operations: ['apply$task'], targets: [{ type: 'ClusterComputeResource', id: 'domain-c8' }] },
      result_spec: { exclude_result: true },
    },
    status: 200,
    answer: { 'a:b': { status: 'RUNNING', user: 'me', target: null } },
    gives: { 'a:b': { status: 'RUNNING', user: 'me' } },
  },
  'tasks.cancel': {
    call: (v) => v.tasks.cancel('a:b'),
    request: 'POST /api/cis/tasks/a%3Ab?action=cancel',
    status: 204,
  },
  'inventory.hosts': {
    call: (v) =>
      v.inventory.hosts({ clusters: ['domain-c8'], names: [], connection_states: ['CONNECTED', 'DISCONNECTED'] }),
    request: 'GET /api/vcenter/host?clusters=domain-c8&connection_states=CONNECTED&connection_states=DISCONNECTED',
    status: 200,
    answer: [
      { host: 'host-1', name: 'a', connection_state: 'CONNECTED', power_state: 'POWERED_ON' },
      { host: 'host-2', name: 'b', connection_state: 'DISCONNECTED' },
    ],
    gives: [{ power_state: 'POWERED_ON' }, { host: 'host-2' }],
  },
  'inventory.clusters': {
    call: (v) => v.inventory.clusters(['TA & co']),
    request: 'GET /api/vcenter/cluster?names=TA%20%26%20co',
    status: 200,
    answer: [{ cluster: 'domain-c8', name: 'TA & co', ha_enabled: false, drs_enabled: true }],
    gives: [{ cluster: 'domain-c8' }],
  },
  'inventory.vmsOfHost': {
    call: (v) => v.inventory.vmsOfHost('host-1'),
    request: 'GET /api/vcenter/vm?hosts=host-1',
    status: 200,
    answer: [{ vm: 'vm-1', name: 'x', power_state: 'POWERED_ON', cpu_count: 2, memory_size_MiB: 4096 }],
    gives: [{ vm: 'vm-1', power_state: 'POWERED_ON' }],
  },
  'appliance.version': {
    call: (v) => v.appliance.version(),
    request: 'GET /api/appliance/system/version',
    status: 200,
    answer: { version: '8.0.3.00500', build: '24674346', product: 'VMware vCenter Server', releasedate: 'May 1, 2024' },
    gives: { version: '8.0.3.00500', build: '24674346' },
  },
  'appliance.health': {
    call: (v) => v.appliance.health(),
    request: 'GET /api/appliance/health/system',
    status: 200,
    answer: 'green',
    gives: 'green',
  },
  'appliance.uptimeSeconds': {
    call: (v) => v.appliance.uptimeSeconds(),
    request: 'GET /api/appliance/system/uptime',
    status: 200,
    answer: 12.5,
    gives: 12.5,
  },
  'update.state': {
    call: (v) => v.update.state(),
    request: 'GET /api/appliance/update',
    status: 200,
    answer: { state: 'UPDATES_PENDING', version: '8.0.3.00500', task: null },
    gives: { state: 'UPDATES_PENDING', version: '8.0.3.00500' },
  },
  'update.cancel': { call: (v) => v.update.cancel(), request: 'POST /api/appliance/update?action=cancel', status: 204 },
  'update.pending': {
    call: (v) => v.update.pending('LOCAL_AND_ONLINE', 'https://repo/x?a=b'),
    request: 'GET /api/appliance/update/pending?source_type=LOCAL_AND_ONLINE&url=https%3A%2F%2Frepo%2Fx%3Fa%3Db',
    status: 200,
    answer: [{ ...update, version: '8.0.3.00500' }],
    gives: [{ version: '8.0.3.00500', reboot_required: true }],
  },
  'update.details': {
    call: (v) => v.update.details('8.0.3.00500'),
    request: 'GET /api/appliance/update/pending/8.0.3.00500',
    status: 200,
    answer: {
      ...update,
      contents: [],
      services_will_be_stopped: [],
      eulas: [text('e')],
      staged: false,
      knowledge_base: 'https://kb',
    },
    gives: { staged: false, eulas: [{ id: 'x.y', text: 'e' }] },
  },
  'update.precheck': {
    call: (v) => v.update.precheck('8.0.3.00500'),
    request: 'POST /api/appliance/update/pending/8.0.3.00500?action=precheck',
    status: 200,
    answer: {
      check_time: time,
      estimated_time_to_install: 49,
      reboot_required: true,
      issues: { errors: [{ id: 'e', message: text('disk full') }] },
      questions: [{ data_item: 'sso.password', text: text('Password'), description: text(''), type: 'PASSWORD' }],
    },
    gives: { issues: { errors: [{ message: { text: 'disk full' } }] }, questions: [{ data_item: 'sso.password' }] },
  },
  'update.validate': {
    call: (v) => v.update.validate('8', { 'sso.password': 'x' }),
    request: 'POST /api/appliance/update/pending/8?action=validate',
    body: { user_data: { 'sso.password': 'x' } },
    status: 200,
    answer: {},
    gives: {},
  },
  'update.stage': {
    call: (v) => v.update.stage('8'),
    request: 'POST /api/appliance/update/pending/8?action=stage',
    status: 204,
  },
  'update.install': {
    call: (v) => v.update.install('8', {}),
    request: 'POST /api/appliance/update/pending/8?action=install',
    body: { user_data: {} },
    status: 204,
  },
  'update.staged': {
    call: (v) => v.update.staged(),
    request: 'GET /api/appliance/update/staged',
    status: 200,
    answer: { ...update, version: '8', staging_complete: true },
    gives: { version: '8', staging_complete: true },
  },
  'update.removeStaged': {
    call: (v) => v.update.removeStaged(),
    request: 'DELETE /api/appliance/update/staged',
    status: 204,
  },
  'backup.parts': {
    call: (v) => v.backup.parts(),
    request: 'GET /api/appliance/recovery/backup/parts',
    status: 200,
    answer: [{ id: 'seat', name: text('n'), description: text('d'), selected_by_default: true, optional: true }],
    gives: [{ id: 'seat', optional: true }],
  },
  'backup.validate': {
    call: (v) => v.backup.validate({ ...backup, location_password: 'p' }),
    request: 'POST /api/appliance/recovery/backup?action=validate',
    body: { ...backup, location_password: 'p' },
    status: 200,
    answer: { status: 'FAIL', messages: [text('no route')] },
    gives: { status: 'FAIL', messages: [{ text: 'no route' }] },
  },
  'backup.createJob': {
    call: (v) => v.backup.createJob(backupWithMore),
    request: 'POST /api/appliance/recovery/backup/job',
    body: backup,
    status: 201,
    answer: job,
    gives: job,
  },
  'backup.jobDetails': {
    call: (v) => v.backup.jobDetails(),
    request: 'GET /api/appliance/recovery/backup/job/details',
    status: 200,
    answer: { '2024': { location: 'sftp://b/x', location_user: 'u', status: 'RUNNING', start_time: time, user: 'a' } },
    gives: { '2024': { location: 'sftp://b/x', status: 'RUNNING', start_time: time, user: 'a' } },
  },
  'backup.job': {
    call: (v) => v.backup.job('2024'),
    request: 'GET /api/appliance/recovery/backup/job/2024',
    status: 200,
    answer: { ...job, state: 'SUCCEEDED', end_time: time },
    gives: { state: 'SUCCEEDED', end_time: time },
  },
};
