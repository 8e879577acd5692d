import { fieldType, type FieldType } from './type-table';

/** A reference to a managed object: its vim25 type and its id (moid). */
export class MoRef {
  constructor(
    readonly type: string,
    readonly value: string,
  ) {}

  /** The reference as one string, for messages and as a map key. */
  toString(): string {
    return `${this.type}:${this.value}`;
  }
}

/** A vim25 data object or fault. `$type` is given where the place that holds it allows more than one type. */
export interface DataObject {
  readonly $type?: string;
  readonly [field: string]: VimValue | undefined;
}

/** A value whose type the place that holds it does not say, as `TaskInfo.result` (anyType). */
export class Typed {
  constructor(
    readonly type: FieldType,
    readonly value: VimValue,
  ) {}
}

/** A typed value by the notation of the tables: `typed('@HostSystem', ref)`, `typed('string[]', names)`. */
export function typed(type: string, value: VimValue): Typed {
  return new Typed(fieldType(type), value);
}

export type VimValue =
  | string
  | number
  | boolean
  | Date
  | MoRef
  | Typed
  | DataObject
  | readonly string[]
  | readonly number[]
  | readonly MoRef[]
  | readonly DataObject[];

/** A field that the schema declares as text and that is set. @throws TypeError: a bug of the caller */
export function textOf(data: DataObject, field: string): string {
  const value = data[field];
  if (typeof value !== 'string') throw new TypeError(`${field} is no text`);
  return value;
}
