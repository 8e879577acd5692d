import type { RestRoute } from './route';

/** A route that fits a request, with its path parameters decoded. */
export interface RouteMatch {
  route: RestRoute;
  path: Record<string, string>;
}

/** The routes of an endpoint, indexed by method and number of path segments. */
export class RouteTable {
  readonly #index = new Map<string, RestRoute[]>();

  /** @throws Error when two routes answer the same operation */
  constructor(routes: readonly RestRoute[]) {
    const keys = new Set<string>();
    for (const route of routes) {
      if (keys.has(route.operation.key)) throw new Error(`two routes for ${route.operation.key}`);
      keys.add(route.operation.key);
      const slot = slotOf(route.operation.method, route.operation.segments.length);
      this.#index.set(slot, [...(this.#index.get(slot) ?? []), route]);
    }
  }

  /**
   * Finds the route of a request. `action` and `vmw-task` choose between operations of one path: the operation whose
   * fixed query is whole in the request and longest wins.
   */
  match(method: string, path: string, query: URLSearchParams): RouteMatch | null {
    const segments = path.split('/').slice(1);
    let best: RouteMatch | null = null;
    for (const route of this.#index.get(slotOf(method, segments.length)) ?? []) {
      if (best && fixedCount(best.route) >= fixedCount(route)) continue;
      if (!hasFixedQuery(route, query)) continue;
      const values = matchPath(route.operation.segments, segments);
      if (values) best = { route, path: values };
    }
    return best;
  }
}

function slotOf(method: string, length: number): string {
  return `${method} ${length}`;
}

function fixedCount(route: RestRoute): number {
  return Object.keys(route.operation.fixedQuery).length;
}

function hasFixedQuery(route: RestRoute, query: URLSearchParams): boolean {
  return Object.entries(route.operation.fixedQuery).every(([name, value]) =>
    value === null ? query.has(name) : query.get(name) === value,
  );
}

function matchPath(template: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (!part.startsWith('{')) {
      if (part !== segment) return null;
      continue;
    }
    // documented: INVALID_ARGUMENT for an empty id of a cluster; so one in the middle of a path is a value, if a bad one.
    if (segment === '' && index === segments.length - 1) return null;
    try {
      values[part.slice(1, -1)] = decodeURIComponent(segment);
    } catch {
      return null;
    }
  }
  return values;
}
