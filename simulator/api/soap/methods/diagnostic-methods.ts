import type { Host } from '../../../world/state';
import { checkConnected } from '../../../world/host-maintenance';
import { hostLines, hostLogs, vCenterLogs, vpxdLines, type LogFile } from '../../../world/vim-logs';
import { objectNotFound } from '../property-collector/traverse';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import type { DataObject, MoRef } from '../vim25/values';

/** Lines that one call returns at most: on a vCenter, and on an ESXi host (govmomi's notes on the server). */
const MOST = { vCenter: 500, host: 1000 };

/** DiagnosticManager. */
export const DIAGNOSTIC_METHODS: MethodTable = {
  QueryDescriptions: (call) => filesOf(call).map(description),

  BrowseDiagnosticLog: (call): DataObject => {
    const { key, start, lines } = call.parameters as { key?: string; start?: number; lines?: number };
    if (!filesOf(call).some((file) => file.key === key)) {
      throw soapFault('InvalidArgument', `There is no log "${key}".`, { invalidProperty: 'key' });
    }
    const all = linesOf(call, String(key));
    const most = call.site.vCenter ? MOST.vCenter : MOST.host;
    const first = Math.max(start ?? 1, 1);
    // Zero means "as many as may be", like unset: govmomi asks so. Beyond the end only the number of lines is told.
    const text = all.slice(first - 1, first - 1 + Math.min(lines === undefined || lines <= 0 ? most : lines, most));
    const lineStart = Math.min(first, all.length + 1);
    return { lineStart, lineEnd: lineStart + text.length - 1, lineText: text };
  },
};

/** The host that the call names, or the one that is asked directly; undefined: the vCenter itself. */
function hostOf({ site, parameters }: VimCall): Host | undefined {
  const ref = parameters['host'] as MoRef | undefined;
  if (!ref) return site.vCenter ? undefined : site.world.host(site.endpoint);
  const host = site.hostOf(ref);
  if (!host) throw objectNotFound(ref);
  if (site.vCenter) checkConnected(host);
  return host;
}

function filesOf(call: VimCall): LogFile[] {
  const host = hostOf(call);
  return host ? hostLogs(call.site.world, host) : vCenterLogs();
}

function linesOf(call: VimCall, key: string): string[] {
  const host = hostOf(call);
  if (host) return hostLines(call.site.world, host, key);
  return call.site.vCenter ? vpxdLines(call.site.world, call.site.vCenter) : [];
}

function description({ key, fileName, label }: LogFile): DataObject {
  return {
    key,
    fileName,
    creator: key.split(':')[0] ?? key,
    format: 'plain',
    mimeType: 'text/plain',
    info: { label, summary: label },
  };
}
