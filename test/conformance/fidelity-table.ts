import { methodsSeen, operationsSeen, type MethodSeen, type OperationSeen } from './operations-seen';
import type { LoggedRequest } from '../../simulator/api/request-log';

/** Groups of operations by the beginning of their key; the first that fits counts. */
const GROUPS: readonly (readonly [name: string, prefix: string])[] = [
  ['vSphere Trust Authority', 'com.vmware.vcenter.trusted_infrastructure.'],
  ['Clusters with an image', 'com.vmware.esx.settings.clusters.'],
  ['Stand-alone hosts with an image', 'com.vmware.esx.settings.hosts.'],
  ['Depots and defaults', 'com.vmware.esx.settings.'],
  ['Software of hosts', 'com.vmware.esx.hosts.'],
  ['Appliance', 'com.vmware.appliance.'],
  ['Sessions and tasks', 'com.vmware.cis.'],
  ['Updates of vCenter (lcm)', 'com.vmware.vcenter.lcm.'],
  ['Inventory and services', 'com.vmware.vcenter.'],
];
const TRUST = 'com.vmware.vcenter.trusted_infrastructure.';

/** The lines between which the page holds what this file writes. */
export const BEGIN = '<!-- operations:begin (written by scripts/write-fidelity-table.mjs; do not edit) -->';
export const END = '<!-- operations:end -->';

/** The section of docs/simulator-fidelity.md, from the request log of a whole run of the suite. */
export function fidelityTable(log: readonly LoggedRequest[]): string {
  const seen = operationsSeen(log);
  const trust = seen.filter(({ operation }) => operation.key.startsWith(TRUST));
  return [
    '### Operations, counted',
    summaryTable(seen),
    `An error is _provoked_ when what was asked, or the state of the world, brings it about; _injected_ when only a fault of the scenario does. Either way VMware's SDK reads it, with its status.`,
    '### vim25 methods, counted',
    methodTable(methodsSeen(log)),
    '### Each operation of vSphere Trust Authority',
    `Below \`${TRUST}\`; one that is a task is answered with 202 and its result read from the task. Errors in brackets were injected only.`,
    trustTable(trust),
    '### Operations of the contract that are not answered',
    missing(seen),
  ].join('\n\n');
}

function summaryTable(seen: readonly OperationSeen[]): string {
  const rows = GROUPS.map(([name, prefix]) => {
    const own = seen.filter(({ operation }) => groupOf(operation.key) === prefix);
    return `| ${name} | ${counts(own).join(' | ')} |`;
  });
  const head = [
    '',
    'Contract',
    'Answered',
    'Driven by the SDK',
    'with success',
    'Errors declared',
    'provoked',
    'injected',
  ];
  return [row(head), row(head.map(() => '---')), ...rows, `| **All** | ${counts(seen).join(' | ')} |`].join('\n');
}

function counts(own: readonly OperationSeen[]): number[] {
  const answered = own.filter((one) => one.answered);
  const sum = (of: (one: OperationSeen) => number) => answered.reduce((total, one) => total + of(one), 0);
  return [
    own.length,
    answered.length,
    answered.filter((one) => one.succeeded || one.provoked.length + one.injected.length > 0).length,
    answered.filter((one) => one.succeeded).length,
    sum(({ operation }) => operation.errors.length),
    sum(({ provoked }) => provoked.length),
    sum(({ injected }) => injected.length),
  ];
}

function methodTable(methods: readonly MethodSeen[]): string {
  const head = ['', 'Signatures', 'Answered', 'Driven by pyvmomi', 'with success', 'Kinds of faults'];
  const answered = methods.filter((one) => one.answered);
  const driven = answered.filter((one) => one.succeeded || one.faults.length > 0);
  const faults = [...new Set(methods.flatMap((one) => one.faults))].sort();
  const cells = [methods.length, answered.length, driven.length, answered.filter((one) => one.succeeded).length];
  return [
    row(head),
    row(head.map(() => '---')),
    `| vim25 | ${cells.join(' | ')} | ${faults.length}: ${faults.join(', ')} |`,
  ].join('\n');
}

function trustTable(trust: readonly OperationSeen[]): string {
  const head = ['Operation', 'Answer', 'Errors'];
  const rows = trust.map(({ operation, succeeded, provoked, injected }) => {
    const name = `\`${operation.key.slice(TRUST.length)}\``;
    const errors = operation.errors.map((error) => (injected.includes(error) ? `(${error})` : error));
    const unseen = operation.errors.filter((error) => !provoked.includes(error) && !injected.includes(error));
    const notes = unseen.length > 0 ? ` never seen: ${unseen.join(', ')}` : '';
    return row([name, succeeded ? String(operation.status) : '–', errors.join(', ') + notes]);
  });
  return [row(head), row(head.map(() => '---')), ...rows].join('\n');
}

function missing(seen: readonly OperationSeen[]): string {
  const services = new Map<string, string[]>();
  for (const { operation, answered } of seen) {
    if (answered) continue;
    services.set(operation.service, [...(services.get(operation.service) ?? []), operation.name]);
  }
  return [...services].map(([service, names]) => `- \`${service}\`: ${names.join(', ')}`).join('\n');
}

function groupOf(key: string): string {
  return GROUPS.find(([, prefix]) => key.startsWith(prefix))?.[1] ?? '';
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
