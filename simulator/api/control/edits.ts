import { z } from 'zod';

import { attest, attestationUnknown } from '../../world/attestation';
import { powerCycle, revert, setConnection } from '../../world/host-boot';
import { imageOf } from '../../world/image';
import type { Host } from '../../world/state';
import type { World } from '../../world/world';

const host = z.string();
const baseImage = z.string();

/**
 * What `POST /world/edit` can do: a hand at the console (power, revert, services) and plain falsehoods for tests
 * (builds, attestation, desired images). Described in docs/scenarios.md.
 */
export const editSchema = z.discriminatedUnion('edit', [
  /** The host runs (and, unless told otherwise, last booted) another image, as if by magic. */
  z.strictObject({ edit: z.literal('set-image'), host, baseImage, booted: z.boolean().default(true) }),
  /** Its attestation is gone until it attests again. */
  z.strictObject({ edit: z.literal('drop-attestation'), host }),
  /** Boots from the other bank, as a person does at the console (Shift+R). */
  z.strictObject({ edit: z.literal('revert-host'), host }),
  /** Switches a host on again that did not come back. */
  z.strictObject({ edit: z.literal('power-cycle'), host }),
  z.strictObject({
    edit: z.literal('set-connection'),
    host,
    state: z.enum(['connected', 'disconnected', 'notResponding']),
  }),
  z.strictObject({ edit: z.literal('set-maintenance-mode'), host, on: z.boolean() }),
  z.strictObject({ edit: z.literal('set-service'), host, service: z.string(), running: z.boolean() }),
  /** Takes the vTA configuration of a TA Host away, as a new installation does. */
  z.strictObject({ edit: z.literal('drop-trust-configuration'), host }),
  z.strictObject({
    edit: z.literal('set-vcenter-version'),
    vCenter: z.string(),
    version: z.string(),
    build: z.string(),
  }),
  /** Somebody commits another desired image. */
  z.strictObject({
    edit: z.literal('set-desired-image'),
    vCenter: z.string(),
    cluster: z.string(),
    baseImage,
    author: z.string().default('somebody@vsphere.local'),
  }),
  z.strictObject({ edit: z.literal('set-vm-migratable'), vm: z.string(), migratable: z.boolean() }),
  /** Every session of a vCenter (by id) or host (by name) ends. */
  z.strictObject({ edit: z.literal('end-sessions'), endpoint: z.string() }),
  /** A vCenter (by id) or host (by name) presents another certificate: a renewed one, or one of an unknown authority. */
  z.strictObject({
    edit: z.literal('replace-certificate'),
    endpoint: z.string(),
    by: z.enum(['site', 'stranger']).default('stranger'),
  }),
  z.strictObject({ edit: z.literal('set-key-server'), hostname: z.string(), reachable: z.boolean() }),
]);

export type Edit = z.output<typeof editSchema>;

/** Carries out one edit. @throws Error for names that the world does not have */
export async function applyEdit(world: World, edit: Edit): Promise<void> {
  world.events.add('edited', { host: 'host' in edit ? edit.host : undefined }, { ...edit });
  switch (edit.edit) {
    case 'revert-host':
      await revert(world, world.host(edit.host));
      return;
    case 'power-cycle':
      await powerCycle(world, world.host(edit.host));
      return;
    case 'set-vcenter-version':
      Object.assign(world.vCenter(edit.vCenter), { version: edit.version, build: edit.build });
      return;
    case 'set-desired-image':
      setDesiredImage(world, edit);
      return;
    case 'set-vm-migratable':
      setVmMigratable(world, edit.vm, edit.migratable);
      return;
    case 'end-sessions':
      world.sessions.closeAll(edit.endpoint);
      return;
    case 'set-key-server':
      setKeyServer(world, edit.hostname, edit.reachable);
      return;
    case 'replace-certificate':
      return; // the endpoint itself follows the event
    case 'set-image':
    case 'drop-attestation':
    case 'set-connection':
    case 'set-maintenance-mode':
    case 'set-service':
    case 'drop-trust-configuration':
      editHost(world, world.host(edit.host), edit);
  }
}

type HostEdit = Exclude<Extract<Edit, { host: string }>, { edit: 'revert-host' | 'power-cycle' }>;

function editHost(world: World, target: Host, edit: HostEdit): void {
  switch (edit.edit) {
    case 'set-image':
      target.runningImage = imageOf(edit.baseImage);
      if (edit.booted) target.bootedImage = target.runningImage;
      attest(world, target, 'boot');
      return;
    case 'drop-attestation':
      attestationUnknown(world, target, 'Dropped by an edit.');
      return;
    case 'set-connection':
      target.up = edit.state !== 'notResponding';
      setConnection(world, target, edit.state);
      if (edit.state !== 'connected') attestationUnknown(world, target, `The host is ${edit.state}.`);
      return;
    case 'set-maintenance-mode':
      target.inMaintenanceMode = edit.on;
      return;
    case 'set-service':
      for (const service of target.services) if (service.key === edit.service) service.running = edit.running;
      return;
    case 'drop-trust-configuration':
      target.trust = null;
  }
}

function setDesiredImage(world: World, edit: Extract<Edit, { edit: 'set-desired-image' }>): void {
  const vCenter = world.vCenter(edit.vCenter);
  const cluster = vCenter.clusters.find(({ moid, name }) => moid === edit.cluster || name === edit.cluster);
  if (!cluster) throw new Error(`no cluster ${edit.cluster}`);
  cluster.lifecycle.commits.push({
    id: String(cluster.lifecycle.commits.length + 1),
    spec: { baseImage: imageOf(edit.baseImage).baseImage, components: {} },
    author: edit.author,
    time: world.clock.now(),
    message: 'Edited',
  });
  world.events.add(
    'desired-image-changed',
    { vCenter: vCenter.id },
    { cluster: cluster.name, baseImage: edit.baseImage, author: edit.author },
  );
}

function setVmMigratable(world: World, name: string, migratable: boolean): void {
  const vm = world.state.vms.find((candidate) => candidate.name === name || candidate.moid === name);
  if (!vm) throw new Error(`no VM ${name}`);
  vm.migratable = migratable;
}

function setKeyServer(world: World, hostname: string, reachable: boolean): void {
  const server = world.state.keyServers.find((candidate) => candidate.hostname === hostname);
  if (!server) throw new Error(`no key server ${hostname}`);
  server.reachable = reachable;
}
