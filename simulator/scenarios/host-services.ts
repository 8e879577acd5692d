import type { HostService } from '../world/state';
import { TRUST_SERVICES } from '../world/trust-authority';

/** Service keys and labels of ESXi 8.0.3 (recorded on a real host); `kmxa` is not among them. */
const SERVICES: readonly [key: string, label: string, running: boolean][] = [
  ['DCUI', 'Direct Console UI', true],
  ['TSM', 'ESXi Shell', false],
  ['TSM-SSH', 'SSH', false],
  ['apiForwarder', 'apiForwarder', false],
  ['attestd', 'attestd', false],
  ['dpd', 'dpd', false],
  ['entropyd', 'entropyd', true],
  ['gpuManager', 'gpuManager', false],
  ['hbrsrv', 'hbrsrv', true],
  ['infravisor', 'infravisor', true],
  ['kmxd', 'kmxd', false],
  ['lbtd', 'Load-Based Teaming Daemon', true],
  ['lwsmd', 'Active Directory Service', false],
  ['ntpd', 'NTP Daemon', true],
  ['nvmf-discoveryd', 'nvmf-discoveryd', false],
  ['pcscd', 'PC/SC Smart Card Daemon', false],
  ['ptpd', 'PTP Daemon', false],
  ['sfcbd-watchdog', 'CIM Server', false],
  ['slpd', 'slpd', false],
  ['snmpd', 'SNMP Server', false],
  ['vdtc', 'vdtc', false],
  ['vltd', 'vltd', true],
  ['vmsyslogd', 'Syslog Server', true],
  ['vpxa', 'VMware vCenter Agent', true],
  ['xorg', 'X.Org Server', false],
];

/** Services of a host. guessed: on a Trust Authority Host attestd and kmxd run and start with the host. */
export function servicesOf(trustAuthority: boolean): HostService[] {
  return SERVICES.map(([key, label, running]) => {
    const runs = running || (trustAuthority && (TRUST_SERVICES as readonly string[]).includes(key));
    return { key, label, running: runs, required: key === 'vmsyslogd' || key === 'vpxa', policy: runs ? 'on' : 'off' };
  });
}
