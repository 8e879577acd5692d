import type { WorldEvent, WorldEventKind } from '../../../simulator/world/events';
import { STRANGER } from '../../../simulator/world/lifecycle-strangers';
import type { Host } from '../../../simulator/world/state';
import type { World } from '../../../simulator/world/world';
import type { Report } from '../../../src/model/report';
import { CRASH_SITE } from './crash-site';
import { MENDER } from './mend-world';
import type { AuditFileLine } from './read-audit';
import { serves } from './watch-rules';

/** Builds before and after an upgrade of the site. */
export interface Builds {
  readonly from: string;
  readonly to: string;
}

const HOSTS = [...CRASH_SITE.trustAuthorityHosts, ...CRASH_SITE.trustedHosts];

/**
 * Every host is upgraded, untouched, or reported with what is true of it.
 * @param report undefined: the run failed while its plan was made, and has none
 */
export function judgeHosts(world: World, report: Report | undefined, builds: Builds): string[] {
  return HOSTS.flatMap((name) => {
    const host = world.host(name);
    const item = report?.items.find((each) => each.name === name);
    const touched = world.events.all().some((event) => event.host === name && touches(event));
    const is = `${name} is ${item?.state ?? 'in no report'} (${item?.detail ?? ''}), and ${describe(host)}`;
    const inOrder = host.cluster !== null && host.connectionState === 'connected' && !host.inMaintenanceMode;
    const state = item?.state ?? 'pending';
    // One that others put into maintenance mode is left in it, and the report says so.
    const found = host.inMaintenanceMode && /left in maintenance mode/.test(item?.detail ?? '');
    if (state === 'done') return (inOrder || found) && host.runningImage.build === builds.to ? [] : [is];
    if (state === 'skipped') return inOrder && host.runningImage.build === builds.from ? [] : [is];
    if (state === 'failed') return whatIsUntrue(host, item?.detail ?? '').map((untrue) => `${is}: ${untrue}`);
    return touched ? [`${is}, but was touched`] : [];
  });
}

/** What the run does to a host; by others, and by the world itself, it may be touched at any time. */
function touches({ what, detail }: WorldEvent): boolean {
  const kinds = ['maintenance-mode-entering', 'remediation-started', 'reboot-started', 'host-removed'];
  return kinds.includes(what) && detail['user'] !== STRANGER && detail['by'] !== 'console' && detail['by'] !== 'vLCM';
}

function describe(host: Host): string {
  const { runningImage, connectionState, inMaintenanceMode, cluster } = host;
  const where = cluster === null ? 'out of its cluster' : connectionState;
  const works = serves(host) ? 'serves' : 'does not serve';
  return `on build ${runningImage.build}, ${where}, ${inMaintenanceMode ? '' : 'not '}in maintenance mode, ${works}`;
}

/** What the detail of a failed host says and is not so. A detail that says that nothing could be read is true enough. */
function whatIsUntrue(host: Host, detail: string): string[] {
  const untrue: string[] = [];
  if (/is OUT of/.test(detail)) return host.cluster === null ? [] : ['it is in its cluster'];
  const recovery = /Its recovery was interrupted/.test(detail);
  const now = /Now it is on \S+ build (\d+), (\w+), (not )?in maintenance mode(.*)$/.exec(detail);
  if (now === null)
    return recovery || /could not be read/.test(detail) ? [] : ['the report does not say what is true of it'];
  const [, build, connection, not, work = ''] = now;
  // Something goes on there, and says so: it may have moved since.
  if (work.includes(';')) return [];
  if (connection !== host.connectionState) untrue.push(`its connection is ${host.connectionState}`);
  if (connection === 'connected' && build !== host.runningImage.build) untrue.push('it runs another build');
  if (connection === 'connected' && (not === undefined) !== host.inMaintenanceMode)
    untrue.push('its maintenance mode is otherwise');
  return untrue;
}

/** Each change of the world has its reason in the audit; what the world and other people do by themselves has none. */
export function judgeAudit(events: readonly WorldEvent[], lines: readonly AuditFileLine[]): string[] {
  const reasons = reasonsIn(lines);
  const strangers = new Set<string>();
  const remediations = new Map<string, number>();
  const unexplained = new Set<string>();
  for (const { what, host = '', vCenter = '', detail } of events) {
    if (what === 'remediation-started' && detail['user'] === STRANGER) strangers.add(host);
    const byOthers = isByOthers(detail) || strangers.has(host);
    if (what === 'remediation-ended') strangers.delete(host);
    if (byOthers) continue;
    if (what === 'remediation-started') remediations.set(host, (remediations.get(host) ?? 0) + 1);
    if (reasons[what]?.(host) === false)
      unexplained.add(`the audit does not explain ${what} ${host === '' ? vCenter : host}`);
  }
  for (const [host, count] of remediations) {
    const begun = timesBegun(lines, host);
    if (count > begun) unexplained.add(`${host} was remediated ${count} times and begun ${begun} times`);
  }
  return [...unexplained];
}

function isByOthers(detail: WorldEvent['detail']): boolean {
  return detail['user'] === STRANGER || [STRANGER, MENDER, 'console'].includes(String(detail['by']));
}

/** By kind of event, whether the audit holds a reason for it; a kind that is not here follows from another one. */
function reasonsIn(
  lines: readonly AuditFileLine[],
): Partial<Record<WorldEventKind, ((host: string) => boolean) | undefined>> {
  const has = (test: (line: AuditFileLine) => boolean): boolean => lines.some(test);
  const about = (beginning: string) => (): boolean => has(({ on }) => on.startsWith(beginning));
  const approved = (gate: RegExp): boolean => has(({ what, on }) => what === 'approved' && gate.test(on));
  const recovered = (host: string): boolean => has(({ what, on }) => what === 'approved' && isRecoveryOf(host, on));
  const worked = (host: string): boolean => timesBegun(lines, host) > 0 || recovered(host);
  return {
    'maintenance-mode-entering': worked,
    'maintenance-mode-left': worked,
    'remediation-started': worked,
    'reboot-started': worked,
    'service-restarted': worked,
    'host-removed': recovered,
    'host-added': (host) => recovered(host) && has(({ what, on }) => what === 'recovery: revert' && on === host),
    'trust-config-changed': () => approved(/^(base-image|recovery:)/),
    'base-image-imported': () => approved(/^(base-image|recovery:)/),
    'base-image-removed': () => has(({ what }) => what === 'base image removal begun'),
    'trust-authority-state': () => has(({ what }) => what.startsWith('recovery: ')),
    'desired-image-changed': about('desired-image:'),
    'draft-changed': () => about('desired-image:')() || about('leftover:draft:')(),
    'policy-changed': () => about('quick-boot:')() || has(({ what }) => /restored|settled/.test(what)),
    'backup-started': about('vcenter:'),
    'vcenter-staged': about('vcenter:'),
    'vcenter-update-started': about('vcenter:'),
  };
}

const isRecoveryOf = (host: string, gate: string): boolean => gate.startsWith(`recovery:${host}:`);

const timesBegun = (lines: readonly AuditFileLine[], host: string): number =>
  lines.filter(({ what, on }) => what === 'host begun' && on === host).length;
