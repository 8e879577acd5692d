import type { AttestationInfo } from '../../../world/trust-state';
import type { Host } from '../../../world/state';
import type { World } from '../../../world/world';
import type { DataObject } from '../vim25/values';
import { aboutEsxi } from './about';
import { hardwareSummary } from './host-config';
import { hostRef } from './references';

/** HostRuntimeInfo. Of a host that does not respond vCenter knows no power state; the rest is what it saw last. */
export function hostRuntime(host: Host): DataObject {
  return {
    connectionState: host.connectionState,
    powerState: host.connectionState === 'notResponding' ? 'unknown' : host.powerState,
    standbyMode: 'none',
    inMaintenanceMode: host.inMaintenanceMode,
    inQuarantineMode: false,
    bootTime: new Date(host.bootTime),
    cryptoState: 'incapable',
  };
}

/** HostListSummary. */
export function hostSummary(world: World, host: Host): DataObject {
  const attestation = trustAuthorityAttestation(world, host);
  const serverIp = world.managerOf(host)?.name;
  return {
    host: hostRef(host),
    hardware: hardwareSummary(host),
    runtime: hostRuntime(host),
    config: {
      name: host.name,
      port: 443,
      sslThumbprint: host.sslThumbprint,
      product: aboutEsxi(host.runningImage),
      vmotionEnabled: true,
      faultToleranceEnabled: false,
    },
    quickStats: {
      overallCpuUsage: 0,
      overallMemoryUsage: 0,
      uptime: Math.max(0, Math.floor((world.clock.now() - host.bootTime) / 1000)),
    },
    overallStatus: overallStatus(host),
    rebootRequired: false,
    customValue: [],
    ...(serverIp === undefined ? {} : { managementServerIp: serverIp }),
    ...(host.tpm.present ? { tpmAttestation: tpmAttestation(host) } : {}),
    ...(attestation ? { trustAuthorityAttestationInfos: attestation } : {}),
  };
}

/** Colour of a host: red when vCenter cannot talk to it. */
export function overallStatus(host: Host): string {
  if (host.connectionState === 'notResponding') return 'red';
  return host.connectionState === 'disconnected' ? 'gray' : 'green';
}

/** vCenter's own attestation of the TPM, not that of Trust Authority: it looks at Secure Boot and the event log. */
function tpmAttestation(host: Host): DataObject {
  return { time: new Date(host.bootTime), status: host.secureBoot ? 'accepted' : 'notAccepted' };
}

/** Documented: set only if the parent compute resource has a Trust Authority attestation service configured. */
function trustAuthorityAttestation(world: World, host: Host): DataObject[] | undefined {
  const configured = world.clusterOf(host)?.trustServices.attestation.length ?? 0;
  return configured === 0 ? undefined : host.attestation.map(attestationInfo);
}

function attestationInfo({ serviceId, status, attestedAt, attestedUntil, messages }: AttestationInfo): DataObject {
  return {
    attestationStatus: status,
    serviceId,
    ...(attestedAt === undefined ? {} : { attestedAt: new Date(attestedAt) }),
    ...(attestedUntil === undefined ? {} : { attestedUntil: new Date(attestedUntil) }),
    messages: messages.map(({ id, default_message }) => ({ key: id, message: default_message })),
  };
}
