import { randomBytes } from 'node:crypto';

import { soapFault } from '../vim25/faults';
import type { DataObject } from '../vim25/values';

/** More objects than this are never sent in one answer, whatever the client asks (guessed: a limit exists). */
const SERVER_LIMIT = 100;

/** What RetrievePropertiesEx left over, by token. One for each session: a token of another session is unknown. */
export class Pages {
  readonly #rest = new Map<string, { readonly objects: readonly DataObject[]; readonly size: number }>();

  /** The first page as a RetrieveResult; undefined when nothing matched (documented: no returnval). */
  first(objects: readonly DataObject[], maxObjects: number | undefined): DataObject | undefined {
    if (maxObjects !== undefined && maxObjects <= 0) {
      throw soapFault('InvalidArgument', 'maxObjects must be positive.', { invalidProperty: 'options.maxObjects' });
    }
    return objects.length === 0 ? undefined : this.#page(objects, Math.min(maxObjects ?? SERVER_LIMIT, SERVER_LIMIT));
  }

  /** The page after `token`; each token is good once. */
  next(token: string): DataObject {
    const rest = this.#take(token);
    return this.#page(rest.objects, rest.size);
  }

  cancel(token: string): void {
    this.#take(token);
  }

  #take(token: string): { readonly objects: readonly DataObject[]; readonly size: number } {
    const rest = this.#rest.get(token);
    if (!rest) throw soapFault('InvalidArgument', 'The token is not valid.', { invalidProperty: 'token' });
    this.#rest.delete(token);
    return rest;
  }

  #page(objects: readonly DataObject[], size: number): DataObject {
    const page = objects.slice(0, size);
    if (objects.length <= size) return { objects: page };
    const token = randomBytes(16).toString('hex');
    this.#rest.set(token, { objects: objects.slice(size), size });
    return { token, objects: page };
  }
}
