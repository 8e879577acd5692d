import { AnswerNotUnderstood, ApiFault, type Fault } from '../errors';
import type { DataObject } from './data-object';
import type { ManagedObjectReference } from './managed-object';

/**
 * The properties of one object as they were read. Three cases are kept apart: it has a value; it is unset (the server
 * leaves it out); it could not be read (the server says why, in `missingSet`).
 */
export class ObjectProperties {
  readonly #operation: string;
  readonly #values: ReadonlyMap<string, DataObject>;
  readonly #missing: ReadonlyMap<string, Fault>;

  constructor(
    operation: string,
    readonly object: ManagedObjectReference,
    values: ReadonlyMap<string, DataObject>,
    missing: ReadonlyMap<string, Fault>,
  ) {
    this.#operation = operation;
    this.#values = values;
    this.#missing = missing;
  }

  /**
   * A property that the schema says is always set.
   * @throws ApiFault the server's reason, if it could not be read
   * @throws AnswerNotUnderstood if it is unset all the same
   */
  required(path: string): DataObject {
    const value = this.#values.get(path);
    if (value !== undefined) return value;
    const fault = this.#missing.get(path);
    if (fault !== undefined) throw new ApiFault(this.#operation, fault);
    throw new AnswerNotUnderstood(this.#operation, `${this.object.id}.${path}`, 'is not set');
  }

  /** A property that may be unset; one that could not be read is `undefined` too, and listed in `unreadable`. */
  optional(path: string): DataObject | undefined {
    return this.#values.get(path);
  }

  /** Why properties could not be read: path to the name of the fault. Empty when all could. */
  unreadable(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#missing].map(([path, fault]) => [path, fault.errorType ?? 'unknown']));
  }
}
