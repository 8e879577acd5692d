import fc from 'fast-check';
import type { Task } from '../../../../src/vsphere/rest-client';
import { pollTask } from '../../../../src/vsphere/task-poll';
import type { HttpResponse } from '../../../../src/vsphere/transport';
import { VCenter } from '../../../../src/vsphere/vcenter';
import { applianceWires } from '../../wires/appliance-wires';
import { lifecycleWires } from '../../wires/lifecycle-wires';
import { trustChangeWires } from '../../wires/trust-change-wires';
import { trustWires } from '../../wires/trust-wires';
import { time, type Wire } from '../../wires/wire';
import { answerOf, findOperation, type ContractOperation } from '../contract';
import { virtualTime } from '../scripted-vcenter';
import { canned, cannedTransport } from './canned-transport';
import { AS_THEY_CAME, fieldSet, MAY_BE_MISSING } from './leniency';
import { fieldsOf, shapeProblems } from './shape-by-contract';
import { jsonOf, type Specimen } from './tally';

/** An answer of the REST API, as text, and how a client reads bytes in its place. */
export interface RestSpecimen extends Specimen {
  readonly answer: string;
  readonly read: (bytes: Buffer, how?: Partial<HttpResponse>) => Promise<unknown>;
}

/** Methods that give a part of what the operation answers, and how that is made whole. */
const PARTS: Readonly<Record<string, (value: unknown) => unknown>> = {
  'lifecycle.isImageManaged': (enabled) => ({ enabled }),
  'applyPolicies.configured': (read) => (read as { policy: unknown }).policy,
};

/** What each of all methods that read something is answered: as the wires have it, and as the contract allows it. */
export async function restSpecimens(seed: number): Promise<RestSpecimen[]> {
  let answered: HttpResponse = canned(500, '');
  let result: HttpResponse = canned(500, '');
  const vCenter = new VCenter({ url: 'https://canned.invalid', trust: { kind: 'ca', pem: '' } }, async () => ({
    username: 'u',
    password: 'p',
  }));
  Object.assign(
    vCenter.transport,
    cannedTransport(({ path }) => {
      if (path === '/api/session') return canned(201, '"token"');
      return path === '/api/cis/tasks/id%3Asvc' ? result : answered;
    }),
  );
  const specimen = async (name: string, wire: Wire, operation: ContractOperation, body: unknown) => {
    const isTask = operation.status === 202;
    const text = jsonOf(isTask ? { status: 'SUCCEEDED', start_time: time, end_time: time, result: body } : body);
    const readBytes: RestSpecimen['read'] = async (bytes, how = {}) => {
      if (!isTask) {
        answered = { ...canned(operation.status, bytes), ...how };
        return await wire.call(vCenter);
      }
      answered = canned(202, '"id:svc"');
      result = { ...canned(200, bytes), ...how };
      const started = (await wire.call(vCenter)) as Task<unknown>;
      return await pollTask(vCenter.tasks, started, { everyMs: 10, deadlineMs: 20 }, virtualTime());
    };
    const problems = (value: unknown): string[] => {
      const whole = PARTS[name]?.(value) ?? value;
      return shapeProblems(operation.result, whole, operation.types, { read, mayBeMissing });
    };
    const before = jsonOf(await readBytes(Buffer.from(text)));
    return { name, answer: text, read: readBytes, problems, before };
  };
  const wires = Object.entries({ ...trustWires, ...trustChangeWires, ...lifecycleWires, ...applianceWires })
    .map(([name, wire]) => ({ name, wire, ...findOperation(wire.request) }))
    .filter(({ operation }) => operation.result !== 'void')
    .map((one) => ({ ...one, real: one.operation.status === 202 ? one.wire.result?.of : one.wire.answer }));
  const read = new Set(wires.flatMap(({ operation, real }) => fieldsOf(operation.result, real, operation.types)));
  for (const field of fieldSet(AS_THEY_CAME)) {
    if (!read.delete(field)) throw new Error(`${field} is in no answer of the wires`);
  }
  const mayBeMissing = fieldSet(MAY_BE_MISSING);
  const specimens: RestSpecimen[] = [];
  for (const { name, wire, operation, real } of wires) {
    const allowed = fc.sample(answerOf(operation.result, operation.types), { seed, numRuns: 3 });
    for (const body of [real, ...allowed]) specimens.push(await specimen(name, wire, operation, body));
  }
  const refusals = REFUSALS.map((answer): RestSpecimen => ({
    name: 'a refusal',
    answer,
    before: '',
    problems: () => ['a refusal was read as a result'],
    read: async (bytes, how = {}) => {
      answered = { ...canned(400, bytes), ...how };
      return await vCenter.appliance.version();
    },
  }));
  return [...specimens, ...refusals];
}

/** Bodies of status 400 and up: of the API, of a task, of a proxy. */
const REFUSALS: readonly string[] = [
  {
    error_type: 'NOT_FOUND',
    messages: [{ id: 'com.vmware.x', default_message: 'It is not there.', args: ['a'], localized: 'Es fehlt.' }],
    data: { entity: { name: 'x', more: [1, { deep: true }] } },
  },
  { error_type: 'UNAUTHENTICATED', messages: [] },
  { message: 'upstream connect error' },
].map((body) => jsonOf(body));
