import { AnswerNotUnderstood } from '../errors';
import type { ManagedObjectReference } from './managed-object';
import type { XmlElement } from './xml-reader';

/** ISO 8601 with a zone, as vim25 writes its dates; fractions may have any length. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A value of a reply, read by somebody who knows its schema. Nothing is guessed from how a value looks: `0012` is text
 * until a schema says integer, and one element is a list of one where the schema says list.
 *
 * Methods with a name read the member of that name; `…OrUnset` gives `undefined` where the server left it out. All
 * throw AnswerNotUnderstood, with the path of the member and never its value, when the reply contradicts the schema.
 */
export class DataObject {
  constructor(
    readonly operation: string,
    /** Where the value is in the reply, for messages: `returnval.propSet[2].val`. */
    readonly path: string,
    readonly element: XmlElement,
  ) {}

  /** The `xsi:type`, which a value of a base type or of `anyType` carries. */
  get type(): string | undefined {
    return this.element.xsiType;
  }

  /** The members of this name, none if there are none: a list has no wrapper. */
  objects(name: string): DataObject[] {
    const members = this.element.children.filter((child) => child.name === name && !child.nil);
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return members.map(
      (member, index) => new DataObject(this.operation, members.length === 1 ? path : `${path}[${index}]`, member),
    );
  }

  /** The only member of this name. */
  objectOrUnset(name: string): DataObject | undefined {
    const found = this.objects(name);
    if (found.length > 1) throw this.problem(`has ${found.length} members ${name} where one was expected`);
    return found[0];
  }

  object(name: string): DataObject {
    const found = this.objectOrUnset(name);
    if (found === undefined) throw this.problem(`has no member ${name}`);
    return found;
  }

  text(name: string): string {
    return this.object(name).asText();
  }

  textOrUnset(name: string): string | undefined {
    return this.objectOrUnset(name)?.asText();
  }

  texts(name: string): string[] {
    return this.objects(name).map((member) => member.asText());
  }

  flag(name: string): boolean {
    return this.object(name).asFlag();
  }

  integer(name: string): number {
    return this.object(name).asInteger();
  }

  integerOrUnset(name: string): number | undefined {
    return this.objectOrUnset(name)?.asInteger();
  }

  time(name: string): string {
    return this.object(name).asTime();
  }

  timeOrUnset(name: string): string | undefined {
    return this.objectOrUnset(name)?.asTime();
  }

  reference(name: string): ManagedObjectReference {
    return this.object(name).asReference();
  }

  referenceOrUnset(name: string): ManagedObjectReference | undefined {
    return this.objectOrUnset(name)?.asReference();
  }

  references(name: string): ManagedObjectReference[] {
    return this.objects(name).map((member) => member.asReference());
  }

  /** This value as text, untrimmed. An enumeration is text too: values that we do not know are kept. */
  asText(): string {
    if (this.element.children.length > 0) throw this.problem('is a data object where a text was expected');
    return this.element.text;
  }

  asFlag(): boolean {
    const text = this.asText().trim();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw this.problem('is no boolean');
  }

  asInteger(): number {
    const text = this.asText().trim();
    const number = Number(text);
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(number)) throw this.problem('is no integer');
    return number;
  }

  /** A date exactly as the server wrote it, once it is certain that it is one and names its zone. */
  asTime(): string {
    const text = this.asText().trim();
    if (!DATE_TIME.test(text) || Number.isNaN(Date.parse(text))) throw this.problem('is no time with a zone');
    return text;
  }

  asReference(): ManagedObjectReference {
    const { type } = this.element;
    const id = this.asText();
    if (type === undefined || type === '' || id === '') throw this.problem('is no managed object reference');
    return { type, id };
  }

  /** The items of an `ArrayOf…` in an `anyType`: elements named after the item's type. */
  items(): DataObject[] {
    const expected = this.type?.replace(/^ArrayOf/, '');
    if (expected === undefined || expected === this.type) throw this.problem('is no array');
    return this.element.children.map((child, index) => new DataObject(this.operation, `${this.path}[${index}]`, child));
  }

  /** The error for "this is not what the schema says". */
  problem(problem: string): AnswerNotUnderstood {
    return new AnswerNotUnderstood(this.operation, this.path, problem);
  }
}
