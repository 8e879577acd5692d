import { z } from 'zod';
import { NotSent } from '../../../../src/vsphere/errors';
import type { CallOptions, HttpRequest, HttpResponse, Transport } from '../../../../src/vsphere/transport';
import type { Cluster } from '../../../../src/vsphere/vim/clusters';
import type { LogDescriptor, LogLines } from '../../../../src/vsphere/vim/diagnostic-logs';
import type { VimEvent } from '../../../../src/vsphere/vim/events';
import type { HostService } from '../../../../src/vsphere/vim/host-services';
import type { HostSystem } from '../../../../src/vsphere/vim/hosts';
import type { ManagedObjectReference } from '../../../../src/vsphere/vim/managed-object';
import type { AboutInfo } from '../../../../src/vsphere/vim/service-content';
import type { TaskInfo } from '../../../../src/vsphere/vim/task-info';
import { VimClient } from '../../../../src/vsphere/vim/vim-client';
import type { TaskLook } from '../../../../src/vsphere/vim/vim-tasks';
import type { VirtualMachine } from '../../../../src/vsphere/vim/virtual-machines';
import type { SimulatedVCenters } from '../../vim/support/simulated-vcenters';
import { cannedTransport } from './canned-transport';
import { jsonOf, type Specimen } from './tally';

/** An answer to a SOAP call, and how a client reads bytes in its place; all other answers stay as recorded. */
export interface SoapSpecimen extends Specimen {
  readonly document: string;
  readonly read: (bytes: Buffer, how?: Partial<HttpResponse>) => Promise<unknown>;
}

/** A schema of what a client declares: what may be `undefined` there may be left out here. */
type Shape<T> = z.ZodType<Lax<T>>;
type Lax<T> = T extends readonly (infer E)[]
  ? readonly Lax<E>[]
  : T extends object
    ? { [K in keyof T as undefined extends T[K] ? never : K]: Lax<T[K]> } & {
        [K in keyof T as undefined extends T[K] ? K : never]?: Lax<T[K]> | undefined;
      }
    : T;

const text = z.string();
const id = z.string().min(1);
const unset = z.string().optional();
/** With a zone, as vim25 writes it. */
const time = z.string().regex(/^\s*\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\s*$/);
const integer = z.number().int().safe();
const reference = z.strictObject({ type: id, id }) satisfies Shape<ManagedObjectReference>;

const attestation = z.strictObject({
  status: text,
  serviceId: unset,
  attestedAt: time.optional(),
  attestedUntil: time.optional(),
  messages: z.array(text),
});
const host = z.strictObject({
  id,
  name: text,
  cluster: id.optional(),
  uuid: unset,
  version: unset,
  build: unset,
  bootTime: time.optional(),
  connectionState: text,
  powerState: text,
  inMaintenanceMode: z.boolean(),
  inQuarantineMode: z.boolean().optional(),
  rebootRequired: z.boolean(),
  tpmAttestation: z.strictObject({ time, status: text, message: unset }).optional(),
  trustAuthorityAttestations: z.array(attestation).optional(),
  virtualMachines: z.array(id),
  unreadable: z.record(z.string(), text),
}) satisfies Shape<HostSystem>;

const fault = z.looseObject({
  status: z.number().optional(),
  errorType: unset,
  messages: z.array(text),
  messageIds: z.array(text).optional(),
});
const task = z.strictObject({
  id,
  descriptionId: text,
  state: text,
  progress: integer.optional(),
  entity: reference.optional(),
  entityName: unset,
  cancelled: z.boolean(),
  cancelable: z.boolean(),
  error: fault.optional(),
  result: reference.optional(),
  queueTime: time,
  startTime: time.optional(),
  completeTime: time.optional(),
  reason: unset,
  userName: unset,
}) satisfies Shape<TaskInfo>;

const SHAPES = {
  about: z.strictObject({
    fullName: text,
    version: text,
    build: text,
    apiVersion: text,
    apiType: text,
    instanceUuid: unset,
  }) satisfies Shape<AboutInfo>,
  clusters: z.array(
    z.strictObject({
      id,
      name: text,
      hosts: z.array(id),
      drsEnabled: z.boolean().optional(),
      drsAutomationLevel: unset,
    }) satisfies Shape<Cluster>,
  ),
  services: z.array(
    z.strictObject({
      key: text,
      label: text,
      running: z.boolean(),
      policy: text,
      required: z.boolean(),
    }) satisfies Shape<HostService>,
  ),
  machines: z.array(
    z.strictObject({
      id,
      name: text,
      powerState: text,
      encryption: z.strictObject({ keyId: text, providerId: unset }).optional(),
      unreadable: z.record(z.string(), text),
    }) satisfies Shape<VirtualMachine>,
  ),
  events: z.array(
    z.strictObject({
      key: integer,
      type: unset,
      createdTime: time,
      userName: text,
      message: unset,
      host: unset,
    }) satisfies Shape<VimEvent>,
  ),
  logs: z.array(z.strictObject({ key: text, fileName: text }) satisfies Shape<LogDescriptor>),
  lines: z.strictObject({
    lineStart: integer,
    lineEnd: integer,
    lines: z.array(text),
  }) satisfies Shape<LogLines>,
  look: z.union([
    z.strictObject({ gone: z.literal(false), task }),
    z.strictObject({ gone: z.literal(true) }),
  ]) satisfies Shape<TaskLook>,
};

interface Reading {
  readonly name: string;
  readonly shape: z.ZodType;
  readonly call: (client: VimClient) => Promise<unknown>;
}

/** What is read of a site on which a host is going into maintenance mode, and a call that is refused. */
async function readings({ workload }: SimulatedVCenters): Promise<Reading[]> {
  const [one] = await workload.hosts.all();
  const hostId = one?.id ?? '';
  const entity = { type: 'HostSystem', id: hostId };
  const began = await workload.hostOperations.enterMaintenanceMode(hostId, { timeoutSeconds: 0 });
  const [log] = await workload.logs.list(undefined);
  return [
    { name: 'server.about', shape: SHAPES.about, call: (c) => c.server.about() },
    { name: 'server.currentTime', shape: time, call: (c) => c.server.currentTime() },
    {
      name: 'authorization.missing',
      shape: z.array(text),
      call: (c) => c.authorization.missing('rootFolder', ['System.Read', 'Host.Config.Maintenance']),
    },
    { name: 'clusters.all', shape: SHAPES.clusters, call: (c) => c.clusters.all() },
    { name: 'hosts.read', shape: host, call: (c) => c.hosts.read(hostId) },
    { name: 'hostServices.list', shape: SHAPES.services, call: (c) => c.hostServices.list(hostId) },
    { name: 'virtualMachines.ofHost', shape: SHAPES.machines, call: (c) => c.virtualMachines.ofHost(hostId) },
    { name: 'tasks.read', shape: SHAPES.look, call: (c) => c.tasks.read(began.id) },
    { name: 'tasks.recentOf', shape: z.array(task), call: (c) => c.tasks.recentOf(entity) },
    { name: 'events.of', shape: SHAPES.events, call: (c) => c.events.of(entity, { maxCount: 3 }) },
    { name: 'logs.list', shape: SHAPES.logs, call: (c) => c.logs.list(undefined) },
    {
      name: 'logs.read',
      shape: SHAPES.lines,
      call: (c) => c.logs.read({ key: log?.key ?? '' }, { start: 1, lines: 5 }),
    },
    { name: 'licenses.keyOf', shape: unset, call: (c) => c.licenses.keyOf(hostId) },
    {
      name: 'hostOperations.exitMaintenanceMode',
      shape: reference,
      call: (c) => c.hostOperations.exitMaintenanceMode(hostId, 0),
    },
    { name: 'a refusal', shape: z.never(), call: (c) => c.hosts.read('host-99999') },
  ];
}

/** What each reading is answered by the simulator, the answers of the login included. */
export async function soapSpecimens(vCenters: SimulatedVCenters): Promise<SoapSpecimen[]> {
  const specimens: SoapSpecimen[] = [];
  for (const { name, shape, call } of await readings(vCenters)) {
    const recorded: Recorded[] = [];
    const recorder = vCenters.another({ pageSize: 100 }, (transport) => recordingTransport(transport, recorded));
    const before = jsonOf(await call(recorder).catch(() => ''));
    const replayed = replay(recorded);
    for (const [position, { operation, response }] of recorded.entries()) {
      // Every reading logs in; once is enough for that.
      if (LOGIN.has(operation) && name !== 'server.about') continue;
      // What is said to this one is read by nobody.
      if (operation === 'DestroyView') continue;
      specimens.push({
        name: `${name} (${operation})`,
        document: response.body.toString('utf8'),
        before,
        problems: (value) => {
          const judged = shape.safeParse(value);
          return judged.success ? [] : [`${jsonOf(value).slice(0, 300)}: ${judged.error.message}`];
        },
        read: async (bytes, how = {}) => call(replayed.client(position, { body: bytes, ...how }, LOGIN.has(operation))),
      });
    }
  }
  return specimens;
}

/** Operations of a login, as transports call them. */
const LOGIN = new Set(['read the vim25 API versions', 'RetrieveServiceContent', 'Login']);

interface Recorded {
  readonly operation: string;
  readonly response: HttpResponse;
}

/** Gives what was recorded to clients again, one answer of it changed. */
function replay(recorded: readonly Recorded[]) {
  let counts = new Map<string, number>();
  let changed: { position: number; by: Partial<HttpResponse> } | undefined;
  const answer = ({ operation = '' }: HttpRequest): HttpResponse => {
    const nth = counts.get(operation) ?? 0;
    counts.set(operation, nth + 1);
    const of = recorded.filter((each) => each.operation === operation);
    const found = of[nth] ?? of.at(-1);
    // An answer that was damaged may make the client ask for more than was recorded.
    if (found === undefined) throw new NotSent(operation, 'refused', 'nobody was asked for this');
    return found === recorded[changed?.position ?? -1] ? { ...found.response, ...changed?.by } : found.response;
  };
  const credentials = async () => ({ username: 'u', password: 'p' });
  const newClient = () => new VimClient({ transport: cannedTransport(answer), credentials, pageSize: 100 });
  let kept = newClient();
  return {
    /** @param afresh with a client that has to log in first */
    client(position: number, by: Partial<HttpResponse>, afresh: boolean): VimClient {
      counts = new Map();
      changed = { position, by };
      if (afresh) kept = newClient();
      return kept;
    },
  };
}

function recordingTransport(
  transport: Transport,
  recorded: { operation: string; response: HttpResponse }[],
): Transport {
  return {
    origin: transport.origin,
    close: () => transport.close(),
    send: async (request: HttpRequest, options?: CallOptions) => {
      const response = await transport.send(request, options);
      recorded.push({ operation: request.operation ?? '', response });
      return response;
    },
  };
}
