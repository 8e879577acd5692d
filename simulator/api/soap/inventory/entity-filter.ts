import type { Site } from '../site';
import { textOf, type DataObject, type MoRef } from '../vim25/values';

/**
 * Does an entity filter (`ByEntity` of task and event filters) let the entity with this id through?
 * `recursion`: the entity itself, what is directly below it, or all of it and below.
 */
export function isBelow(site: Site, moid: string | undefined, filter: DataObject): boolean {
  const entity = filter['entity'] as MoRef;
  const recursion = textOf(filter, 'recursion');
  if (moid === undefined) return false;
  if (moid === entity.value) return recursion !== 'children';
  if (recursion === 'self') return false;
  const children = site.children(entity);
  if (recursion === 'children') return children.some(({ value }) => value === moid);
  return children.some((child) => isBelow(site, moid, { entity: child, recursion: 'all' }));
}
