import type { MoRef, VimValue } from './vim25/values';

/** A managed object as the wire layer sees it: an id and properties that are read at the moment of asking. */
export interface ManagedObject {
  readonly ref: MoRef;
  /** Value of one property of the type's table; undefined when it is unset. */
  read(property: string): VimValue | undefined;
}

/** Readers of a type's properties, by name; what is not listed is unset. */
export type PropertyReaders<Subject> = Readonly<Record<string, (subject: Subject) => VimValue | undefined>>;

/** Where managed objects are looked up, for one request of one session. */
export interface ObjectSource {
  find(ref: MoRef): ManagedObject | undefined;
}

/** Binds a subject of the world to the readers of its type. */
export function managedObject<Subject>(ref: MoRef, readers: PropertyReaders<Subject>, subject: Subject): ManagedObject {
  return { ref, read: (property) => (Object.hasOwn(readers, property) ? readers[property]?.(subject) : undefined) };
}
