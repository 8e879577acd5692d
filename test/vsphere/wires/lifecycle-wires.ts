import { said, task, text, time, type Wire } from './wire';

const software = '/api/esx/settings/clusters/domain-c8/software';
const applyResult = {
  commit: '4',
  host_info: {},
  host_status: { 'host-1': { status: 'OK', start_time: time, end_time: time, notifications: {} } },
  successful_hosts: ['host-1'],
  failed_hosts: [],
  skipped_hosts: [],
};
const compliance = {
  impact: 'REBOOT_REQUIRED',
  status: 'NON_COMPLIANT',
  notifications: {},
  scan_time: time,
  commit: '4',
  compliant_hosts: [],
  non_compliant_hosts: ['host-1'],
  incompatible_hosts: [],
  unavailable_hosts: [],
  hosts: { 'host-1': { impact: 'OF_TOMORROW', status: 'NON_COMPLIANT', scan_time: time, commit: null } },
  host_info: {},
};
const complianceRead = { commit: '4', hosts: { 'host-1': { impact: 'OF_TOMORROW' } } };
const checked = {
  status: 'WARNING',
  commit: '4',
  start_time: time,
  end_time: time,
  host_info: {},
  entity_results: [
    {
      type: 'HOST',
      host: 'host-1',
      status: 'OK',
      check_statuses: [{ check: { check: 'c' }, status: 'OK', issues: [text('i')] }],
    },
  ],
};
const checkedRead = { entity_results: [{ host: 'host-1', check_statuses: [{ issues: [said('i')] }] }] };
const problem = { errors: [{ id: 'e', time, type: 'ERROR', message: text('conflict') }] };
const problemRead = { errors: [{ message: said('conflict') }] };
const metadata = { owner: 'me', status: 'VALID', creation_time: time };
const image = { base_image: { version: '8.0.3-0.0.24674464' }, components: { x: { version: '1' } }, solutions: {} };
const hosts = { commit: '4', hosts: ['host-1'] } as const;
const policy = { enable_quick_boot: true, enforce_hcl_validation: true, of_tomorrow: { deep: [1] } };

/** vLCM and depots (`contract/esx-settings-clusters.json`, `esx-settings-depots.json`, `esx-hosts.json`). */
export const lifecycleWires: Record<string, Wire> = {
  'lifecycle.isImageManaged': {
    call: (v) => v.lifecycle.isImageManaged('domain-c8'),
    request: 'GET /api/esx/settings/clusters/domain-c8/enablement/software',
    status: 200,
    answer: { enabled: true },
    gives: true,
  },
  'lifecycle.software': {
    call: (v) => v.lifecycle.software('domain-c8'),
    request: `GET ${software}`,
    status: 200,
    answer: image,
    gives: { base_image: { version: '8.0.3-0.0.24674464' } },
  },
  'lifecycle.commit': {
    call: (v) => v.lifecycle.commit('domain-c8', '4'),
    request: `GET ${software}/commits/4`,
    status: 200,
    answer: { author: 'a', commit_time: time, description: 'd', apply_status: 'APPLIED' },
    gives: { author: 'a', apply_status: 'APPLIED' },
  },
  'lifecycle.compliance': {
    call: (v) => v.lifecycle.compliance('domain-c8'),
    request: `GET ${software}/compliance`,
    status: 200,
    answer: compliance,
    gives: complianceRead,
  },
  'lifecycle.scan': {
    call: (v) => v.lifecycle.scan('domain-c8'),
    request: `POST ${software}?action=scan&vmw-task=true`,
    ...task(compliance, complianceRead),
  },
  'lifecycle.check': {
    call: (v) => v.lifecycle.check('domain-c8', hosts),
    request: `POST ${software}?action=check&vmw-task=true`,
    body: hosts,
    ...task(checked, checkedRead),
  },
  'lifecycle.stage': {
    call: (v) => v.lifecycle.stage('domain-c8', hosts),
    request: `POST ${software}?action=stage&vmw-task=true`,
    body: hosts,
    ...task(applyResult),
  },
  'lifecycle.apply': {
    call: (v) => v.lifecycle.apply('domain-c8', hosts),
    request: `POST ${software}?action=apply&vmw-task=true`,
    body: { ...hosts, accept_eula: true },
    ...task(applyResult),
  },
  'lifecycle.lastApplyResult': {
    call: (v) => v.lifecycle.lastApplyResult('domain-c8'),
    request: `GET ${software}/reports/last-apply-result`,
    status: 200,
    answer: applyResult,
    gives: { commit: '4', successful_hosts: ['host-1'], host_status: { 'host-1': { status: 'OK' } } },
  },
  'drafts.create': {
    call: (v) => v.drafts.create('domain-c8'),
    request: `POST ${software}/drafts`,
    status: 201,
    answer: '7',
    gives: '7',
  },
  'drafts.list': {
    call: (v) => v.drafts.list('domain-c8', ['a@b', 'c']),
    request: `GET ${software}/drafts?owners=a%40b&owners=c`,
    status: 200,
    answer: { '7': { metadata } },
    gives: { '7': { metadata } },
  },
  'drafts.get': {
    call: (v) => v.drafts.get('domain-c8', '7'),
    request: `GET ${software}/drafts/7`,
    status: 200,
    answer: { metadata, software: image },
    gives: { software: { components: { x: { version: '1' } } } },
  },
  'drafts.remove': {
    call: (v) => v.drafts.remove('domain-c8', '7'),
    request: `DELETE ${software}/drafts/7`,
    status: 204,
  },
  'drafts.setBaseImage': {
    call: (v) => v.drafts.setBaseImage('domain-c8', '7', '8.0.3-0'),
    request: `PUT ${software}/drafts/7/software/base-image`,
    body: { version: '8.0.3-0' },
    status: 204,
  },
  'drafts.setAddOn': {
    call: (v) => v.drafts.setAddOn('domain-c8', '7', { name: 'n', version: '1' }),
    request: `PUT ${software}/drafts/7/software/add-on`,
    body: { name: 'n', version: '1' },
    status: 204,
  },
  'drafts.removeAddOn': {
    call: (v) => v.drafts.removeAddOn('domain-c8', '7'),
    request: `DELETE ${software}/drafts/7/software/add-on`,
    status: 204,
  },
  'drafts.changeComponents': {
    call: (v) =>
      v.drafts.changeComponents('domain-c8', '7', {
        components_to_set: { a: '1', b: null },
        components_to_delete: ['c'],
      }),
    request: `PATCH ${software}/drafts/7/software/components`,
    body: { components_to_set: { a: '1', b: null }, components_to_delete: ['c'] },
    status: 204,
  },
  'drafts.validate': {
    call: (v) => v.drafts.validate('domain-c8', '7'),
    request: `POST ${software}/drafts/7?action=validate&vmw-task=true`,
    ...task({ notifications: problem }, { notifications: problemRead }),
  },
  'drafts.commit': {
    call: (v) => v.drafts.commit('domain-c8', '7', 'why'),
    request: `POST ${software}/drafts/7?action=commit&vmw-task=true`,
    body: { message: 'why' },
    ...task('5'),
  },
  'applyPolicies.configured': {
    call: (v) => v.applyPolicies.configured('domain-c8'),
    request: 'GET /api/esx/settings/clusters/domain-c8/policies/apply',
    status: 200,
    answer: policy,
    gives: { cluster: 'domain-c8', policy },
  },
  'applyPolicies.effective': {
    call: (v) => v.applyPolicies.effective('domain-c8'),
    request: 'GET /api/esx/settings/clusters/domain-c8/policies/apply/effective',
    status: 200,
    answer: policy,
    gives: policy,
  },
  'applyPolicies.put': {
    call: (v) => v.applyPolicies.put({ cluster: 'domain-c8', policy }, { enable_quick_boot: false }),
    request: 'PUT /api/esx/settings/clusters/domain-c8/policies/apply',
    body: { ...policy, enable_quick_boot: false },
    status: 204,
  },
  'depot.baseImages': {
    call: (v) => v.depot.baseImages('8.0.3'),
    request: 'GET /api/esx/settings/depot-content/base-images?min_version=8.0.3',
    status: 200,
    answer: [
      { version: '8.0.3-0', display_name: 'ESXi', display_version: '8.0 U3', release_date: time, category: 'BUGFIX' },
    ],
    gives: [{ version: '8.0.3-0' }],
  },
  'depot.addOns': {
    call: (v) => v.depot.addOns(),
    request: 'GET /api/esx/settings/depot-content/add-ons',
    status: 200,
    answer: [{ name: 'n', display_name: 'N', vendor: 'V', versions: [{ version: '1', display_version: '1.0' }] }],
    gives: [{ name: 'n', versions: [{ version: '1' }] }],
  },
  'depot.components': {
    call: (v) => v.depot.components(['a', 'b']),
    request: 'GET /api/esx/settings/depot-content/components?names=a&names=b',
    status: 200,
    answer: [],
    gives: [],
  },
  'installedComponents.get': {
    call: (v) => v.installedComponents.get('host-1'),
    request: 'GET /api/esx/hosts/host-1/software/installed-components',
    status: 200,
    answer: { esx: { version: '8', display_name: 'ESX', display_version: '8.0' } },
    gives: { esx: { version: '8' } },
  },
};
