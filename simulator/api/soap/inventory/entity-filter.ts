import type { Site } from '../site';
import { textOf, type DataObject, type MoRef } from '../vim25/values';

/**
 * Ids of the entities that an entity filter (`ByEntity` of task and event filters) lets through: the entity itself,
 * what is directly below it, or all of it and below.
 */
export function entitiesWithin(site: Site, filter: DataObject): ReadonlySet<string> {
  const entity = filter['entity'] as MoRef;
  switch (textOf(filter, 'recursion')) {
    case 'self':
      return new Set([entity.value]);
    case 'children':
      return new Set(site.children(entity).map(({ value }) => value));
    default:
      return new Set(withAllBelow(site, entity));
  }
}

function withAllBelow(site: Site, entity: MoRef): string[] {
  return [entity.value, ...site.children(entity).flatMap((child) => withAllBelow(site, child))];
}
