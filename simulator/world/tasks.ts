import { randomUUID } from 'node:crypto';

import type { Clock } from './clock';
import { Fault, toFault } from './fault';
import { TASK_FAULTS, type Faults } from './faults';

/** The object that a task works on. */
export interface TaskTarget {
  /** Managed object type, e.g. `HostSystem`. */
  type: string;
  moid: string;
  name: string;
}

/** What a task is about; one engine serves CIS tasks (REST) and vim25 tasks (SOAP). */
export interface TaskSpec {
  kind: 'cis' | 'vim';
  /** Id of the vCenter, or name of the ESXi host that was asked directly. */
  vCenter: string;
  /** CIS: service id (`com.vmware.….base_images`). vim25: managed object type. */
  service: string;
  /** CIS: operation name (`list$task`). vim25: method name (`EnterMaintenanceMode_Task`). */
  operation: string;
  /** vim25 `descriptionId`, e.g. `HostSystem.enterMaintenanceMode`. */
  descriptionId?: string;
  target?: TaskTarget;
  user: string;
  cancelable?: boolean;
  /** Host that faults may name. */
  host?: { name: string; moid: string };
}

/** A task record. */
export interface TaskRecord extends TaskSpec {
  id: string;
  state: 'queued' | 'running' | 'success' | 'error';
  /** 0 to 100. */
  progress: number;
  cancelable: boolean;
  cancelRequested: boolean;
  queueTime: number;
  startTime?: number;
  completeTime?: number;
  result?: unknown;
  fault?: Fault;
  /** The record cannot be read any more (fault `task-record-gone`, or its time is over). */
  gone: boolean;
}

/** What the body of a task may do. */
export interface TaskHandle {
  readonly record: TaskRecord;
  /** Lets `ms` pass; ends early with CANCELED / RequestCanceled when somebody cancels a cancelable task. */
  sleep(ms: number): Promise<void>;
  progress(percent: number): void;
}

/** Starts, remembers and forgets tasks. */
export class Tasks {
  readonly #records = new Map<string, TaskRecord>();
  readonly #wakes = new Map<string, () => void>();
  readonly #waiters = new Map<string, (() => void)[]>();
  #nextVim = 101;
  /** Called whenever a record changed: for WaitForUpdatesEx. */
  onChange: (record: TaskRecord) => void = () => undefined;

  /**
   * @param queued milliseconds that a task stays queued
   * @param retention milliseconds after which an ended task's record is gone
   */
  constructor(
    private readonly clock: Clock,
    private readonly faults: Faults,
    private readonly pace: { queued: () => number; retention: () => number },
    private readonly vCenter: (id: string) => { id: string; name: string } | null,
  ) {}

  /**
   * Records a task and runs its body. What the body returns is the result; a Fault that it throws is the error.
   * Preconditions that are to be refused at submit are checked by the caller before this call.
   */
  start(spec: TaskSpec, body: (task: TaskHandle) => Promise<unknown>): TaskRecord {
    const record: TaskRecord = {
      ...spec,
      id: spec.kind === 'cis' ? `${randomUUID()}:${spec.service}` : `task-${this.#nextVim++}`,
      state: 'queued',
      progress: 0,
      cancelable: spec.cancelable ?? false,
      cancelRequested: false,
      queueTime: this.clock.now(),
      gone: false,
    };
    this.#records.set(record.id, record);
    const operation = spec.kind === 'cis' ? `${spec.service}.${spec.operation.replace(/\$task$/, '')}` : spec.operation;
    const fault = this.faults.take(TASK_FAULTS, {
      operation,
      vCenter: this.vCenter(spec.vCenter),
      host: spec.host,
      mentions: spec.target ? [spec.target.moid, spec.target.name] : [],
    });
    void this.#run(record, async (handle) => {
      if (fault?.kind === 'task-hangs') await new Promise<never>(() => undefined);
      if (fault?.kind === 'task-fails') {
        throw new Fault(
          (fault.error ?? (spec.kind === 'cis' ? 'ERROR' : 'SystemError')) as Fault['type'],
          fault.message ?? `${operation} failed.`,
        );
      }
      const result = await body(handle);
      if (fault?.kind === 'task-record-gone') record.gone = true;
      return result;
    });
    return record;
  }

  /** A record that can be read; null: never existed, or gone. */
  get(id: string): TaskRecord | null {
    const record = this.#records.get(id);
    return record && !record.gone ? record : null;
  }

  /** Readable records, oldest first. */
  list(filter: (record: TaskRecord) => boolean = () => true): TaskRecord[] {
    return [...this.#records.values()].filter((record) => !record.gone && filter(record));
  }

  /** The records of a vCenter's CIS tasks are gone: its services restarted. */
  forget(vCenter: string): void {
    for (const record of this.#records.values()) {
      if (record.kind === 'cis' && record.vCenter === vCenter) record.gone = true;
    }
  }

  /** Asks a task to stop. @throws Fault NOT_FOUND, UNSUPPORTED, NOT_ALLOWED_IN_CURRENT_STATE (documented: cis.tasks) */
  cancel(id: string): void {
    const record = this.get(id);
    if (!record) throw new Fault('NOT_FOUND', `The task ${id} does not exist.`);
    if (record.state === 'success' || record.state === 'error') {
      throw new Fault('NOT_ALLOWED_IN_CURRENT_STATE', `The task ${id} has already ended.`);
    }
    if (!record.cancelable) throw new Fault('UNSUPPORTED', `The task ${id} cannot be cancelled.`);
    record.cancelRequested = true;
    this.#wakes.get(id)?.();
  }

  /** Resolves when the task has ended. */
  ended(record: TaskRecord): Promise<void> {
    if (record.state === 'success' || record.state === 'error') return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.set(record.id, [...(this.#waiters.get(record.id) ?? []), resolve]);
    });
  }

  async #run(record: TaskRecord, body: (task: TaskHandle) => Promise<unknown>): Promise<void> {
    const handle: TaskHandle = {
      record,
      sleep: (ms) => this.#sleep(record, ms),
      progress: (percent) => {
        record.progress = percent;
        this.onChange(record);
      },
    };
    try {
      if (this.pace.queued() > 0) await handle.sleep(this.pace.queued());
      record.state = 'running';
      record.startTime = this.clock.now();
      this.onChange(record);
      record.result = await body(handle);
      record.state = 'success';
      record.progress = 100;
    } catch (thrown) {
      record.fault = toFault(thrown);
      record.state = 'error';
    }
    record.startTime ??= this.clock.now();
    record.completeTime = this.clock.now();
    this.onChange(record);
    this.clock.after(this.pace.retention(), () => this.#records.delete(record.id));
    for (const wake of this.#waiters.get(record.id) ?? []) wake();
    this.#waiters.delete(record.id);
  }

  #sleep(record: TaskRecord, ms: number): Promise<void> {
    const cancelled = () =>
      new Fault(record.kind === 'cis' ? 'CANCELED' : 'RequestCanceled', 'The task was canceled by a user.');
    return new Promise((resolve, reject) => {
      if (record.cancelRequested) return reject(cancelled());
      const timer = this.clock.after(ms, () => {
        this.#wakes.delete(record.id);
        resolve();
      });
      this.#wakes.set(record.id, () => {
        timer.cancel();
        reject(cancelled());
      });
    });
  }
}
