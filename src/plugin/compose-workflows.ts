import * as path from 'node:path';
import type { BundleOptions } from '@temporalio/worker';
import { refuseNameClashes } from './refuse-name-clashes';

/** The extension of this file: compiled, like the package; or TypeScript, like the tests. */
const EXTENSION = path.extname(__filename);

/** The module whose exports are our workflows, as an absolute path. */
export const workflowsPath = path.join(__dirname, `../workflows/index${EXTENSION}`);

/** The module of what our workflows need around them, as an absolute path: one of `workflowInterceptorModules`. */
export const interceptorsPath = path.join(__dirname, `../workflows/interceptors${EXTENSION}`);

const COMPOSED = path.join(__dirname, `composed-workflows${EXTENSION}`);

/** By this name the composed module loads the workflows of the host application. */
const HOST_WORKFLOWS = '__vta_host_workflows__';

type WebpackConfiguration = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/**
 * Makes a bundle hold the workflows of the host application and ours: a module of ours takes the place of the host's and
 * loads it by an alias. May be applied again to its own result, since a plugin on connection and worker is called twice.
 */
export function composeWorkflows(given: Partial<BundleOptions> = {}): BundleOptions {
  const interceptors = given.workflowInterceptorModules ?? [];
  const workflowInterceptorModules = [...new Set([...interceptors, interceptorsPath])];
  const host: string = given.workflowsPath ?? workflowsPath;
  const options = { ...given, workflowsPath: host, workflowInterceptorModules };
  if (host === COMPOSED || host === workflowsPath) return options;
  const earlierHook = options.webpackConfigHook;
  return {
    ...options,
    workflowsPath: COMPOSED,
    webpackConfigHook: (configuration) => {
      const earlier = earlierHook?.(configuration) ?? configuration;
      return {
        ...earlier,
        resolve: { ...earlier.resolve, alias: withAlias(earlier.resolve?.alias, host) },
        plugins: [...(earlier.plugins ?? []), refuseNameClashes()],
      };
    },
  };
}

type Alias = NonNullable<NonNullable<WebpackConfiguration['resolve']>['alias']>;

function withAlias(aliases: Alias | undefined, host: string): Alias {
  if (Array.isArray(aliases)) return [...aliases, { name: HOST_WORKFLOWS, alias: host, onlyModule: true }];
  return { ...aliases, [`${HOST_WORKFLOWS}$`]: host };
}
