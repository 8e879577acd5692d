import { everyRestPrivilege } from '../../rest/authorize';
import { holds } from '../../../world/privileges';
import type { Host } from '../../../world/state';
import { assignLicense, LICENSES, licenseOf, type License } from '../../../world/vim-licenses';
import { everySoapPrivilege } from '../authorize';
import { objectNotFound } from '../property-collector/traverse';
import type { MethodTable, VimCall } from '../site';
import { soapFault } from '../vim25/faults';
import { MoRef, textOf, typed, type DataObject } from '../vim25/values';

/** AuthorizationManager and LicenseAssignmentManager. */
export const ACCOUNT_METHODS: MethodTable = {
  HasPrivilegeOnEntities: (call) => {
    const { entity, sessionId, privId } = call.parameters as {
      entity?: readonly MoRef[];
      sessionId?: string;
      privId?: readonly string[];
    };
    if (sessionId !== call.state.key) {
      throw soapFault('NotFound', 'There is no such session.');
    }
    const { privileges } = call.state.session;
    return checked(call, entity ?? []).map((ref) => ({
      entity: ref,
      privAvailability: (privId ?? []).map((id) => ({ privId: id, isGranted: holds(privileges, id) })),
    }));
  },

  FetchUserPrivilegeOnEntities: (call) => {
    const user = call.site.users().find(({ name }) => sameName(name, textOf(call.parameters, 'userName')));
    if (!user) throw soapFault('NotFound', 'There is no such user.');
    const privileges = user.privileges === 'all' ? allPrivileges() : user.privileges;
    return checked(call, call.parameters['entities'] as readonly MoRef[]).map((entity) => ({ entity, privileges }));
  },

  QueryAssignedLicenses: (call) => {
    const { vCenter, world } = call.site;
    const id = call.parameters['entityId'] as string | undefined;
    const hosts = vCenter ? world.hostsOf(vCenter) : [world.host(call.site.endpoint)];
    return hosts.filter(({ moid }) => id === undefined || id === moid).map(assignment);
  },

  UpdateAssignedLicense: (call) => {
    const moid = textOf(call.parameters, 'entity');
    const host = call.site.hostOf(new MoRef('HostSystem', moid));
    if (!host)
      throw soapFault('InvalidArgument', `${moid} is no entity with a licence.`, { invalidProperty: 'entity' });
    return licenseInfo(assignLicense(host, textOf(call.parameters, 'licenseKey')));
  },
};

/** What an administrator holds: every privilege that some operation of vim25 or of the REST API asks for. */
function allPrivileges(): string[] {
  return [...new Set([...everySoapPrivilege(), ...everyRestPrivilege()])].sort();
}

/** LicenseManagerLicenseInfo of every licence in stock. */
export function licenseInfos(): DataObject[] {
  return LICENSES.map(licenseInfo);
}

function assignment(host: Host): DataObject {
  return { entityId: host.moid, entityDisplayName: host.name, assignedLicense: licenseInfo(licenseOf(host)) };
}

/** A licence that holds Trust Authority lists the feature `trustedplatform` (VMware's own add-host script looks for it). */
function licenseInfo({ key, edition, name, trust }: License): DataObject {
  const feature = { key: 'trustedplatform', value: 'vSphere Trust Authority' };
  return {
    licenseKey: key,
    editionKey: edition,
    name,
    total: 64,
    used: 0,
    costUnit: 'cpuPackage',
    properties: trust ? [{ key: 'feature', value: typed('KeyValue', feature) }] : [],
  };
}

function checked(call: VimCall, refs: readonly MoRef[]): readonly MoRef[] {
  const unknown = refs.find((ref) => !call.find(ref));
  if (unknown) throw objectNotFound(unknown);
  return refs;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
