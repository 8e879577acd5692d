import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../../../simulator/simulator';
import { createTransport, type Transport } from '../../../../src/vsphere/transport';
import type { HostSystem } from '../../../../src/vsphere/vim/hosts';
import type { ManagedObjectReference } from '../../../../src/vsphere/vim/managed-object';
import type { TaskInfo } from '../../../../src/vsphere/vim/task-info';
import { VimClient } from '../../../../src/vsphere/vim/vim-client';

/** A simulator of the scenario `conformance`, and a client of each of its vCenters. */
export interface SimulatedVCenters extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly trustAuthority: VimClient;
  readonly workload: VimClient;
  /** Another client of the workload vCenter; `through` may put something between it and the wire. */
  another(
    settings: { readonly password?: string; readonly pageSize?: number },
    through?: (transport: Transport) => Transport,
  ): VimClient;
}

export async function startSimulatedVCenters(): Promise<SimulatedVCenters> {
  const simulator = await startSimulator({ scenario: 'conformance' });
  const { ready } = simulator;
  const pem = readFileSync(ready.caFile, 'utf8');
  const transports: Transport[] = [];
  const clientTo = (url = '', { password = ready.password, pageSize = 100 } = {}, through = asItIs): VimClient => {
    const transport = createTransport({ url, trust: { kind: 'ca', pem } });
    transports.push(transport);
    return new VimClient({
      transport: through(transport),
      credentials: () => Promise.resolve({ username: ready.username, password }),
      pageSize,
    });
  };
  const trustAuthority = clientTo(ready.trustAuthority.vCenter);
  const workload = clientTo(ready.trusted[0]?.vCenter);
  return {
    simulator,
    trustAuthority,
    workload,
    another: (settings, through) => clientTo(ready.trusted[0]?.vCenter, settings, through),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([trustAuthority.close(), workload.close()]);
      for (const transport of transports) transport.close();
      await simulator.close();
    },
  };
}

const asItIs = (transport: Transport): Transport => transport;

/** Looks at a task until it has ended. */
export async function ended(client: VimClient, task: ManagedObjectReference): Promise<TaskInfo> {
  return until(async () => {
    const look = await client.tasks.read(task.id);
    if (look.gone) throw new Error(`no record of ${task.id}`);
    return look.task.state === 'success' || look.task.state === 'error' ? look.task : undefined;
  });
}

/** Waits for what the world does by itself; the test's own deadline ends it. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(20);
  }
}

/** A host by the beginning of its name, `host-1.`. */
export async function hostNamed(prefix: string, client: VimClient): Promise<HostSystem> {
  const host = (await client.hosts.all()).find(({ name }) => name.startsWith(prefix));
  if (host === undefined) throw new Error(`no host ${prefix}`);
  return host;
}
