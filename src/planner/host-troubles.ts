import type { HostFacts } from '../model/inventory';

/** A reason not to touch a host, and not to count on it while another one is away. */
export interface HostTrouble {
  message: string;
  remedy: string;
}

/** Everything that is wrong with a host by itself. Maintenance mode and attestation are no trouble: see out-of-service. */
export function hostTroubles(host: HostFacts): HostTrouble[] {
  const troubles: HostTrouble[] = [];
  const { name, vCenter } = host;
  if (host.connection !== 'connected') {
    troubles.push({
      message: `Host ${name} is ${CONNECTION_WORDS[host.connection]} ${vCenter}.`,
      remedy: `Reconnect it in ${vCenter} (or find out why it does not answer), then ask again.`,
    });
  }
  if (host.inQuarantineMode) {
    troubles.push({
      message: `Host ${name} is in quarantine mode: its hardware reports a degraded part.`,
      remedy: 'Repair the hardware, or take the host out of quarantine mode, then ask again.',
    });
  }
  if (host.stoppedServices.length > 0) {
    troubles.push({
      message: `Services that must run on host ${name} do not: ${host.stoppedServices.join(', ')}.`,
      remedy: 'Start them on the host (in the vSphere Client: Configure > Services) and see whether they stay up.',
    });
  }
  return troubles;
}

const CONNECTION_WORDS: Record<Exclude<HostFacts['connection'], 'connected'>, string> = {
  disconnected: 'disconnected from',
  notResponding: 'not responding to',
  unknown: 'in an unknown connection state with',
};
