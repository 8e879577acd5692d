import { AsyncLocalStorage } from 'node:async_hooks';
import assert from 'node:assert';
import * as vm from 'node:vm';
import type { BundleOptions } from '@temporalio/worker';
import { NameClashError } from './name-clash-error';

type Configuration = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];
type WebpackPlugin = Extract<NonNullable<Configuration['plugins']>[number], (...args: never[]) => void>;

const DEADLINE_MS = 10_000;

/**
 * Loads the finished bundle once, as the workflow sandbox will, so that a name clash keeps the worker from starting: left
 * to the sandbox, it would fail every workflow task of the worker, again and again.
 */
export function refuseNameClashes(): WebpackPlugin {
  return (compiler) => {
    compiler.hooks.emit.tap('vta-upgrade', (compilation) => {
      for (const asset of Object.values(compilation.assets)) load(asset.source().toString());
    });
  };
}

/** Workflow code that does not load outside a workflow is left to the sandbox: it is not known what it exports. */
function load(code: string): void {
  const context = vm.createContext(sandbox(), { microtaskMode: 'afterEvaluate' });
  try {
    vm.runInContext(`${code}\n;__TEMPORAL__.importWorkflows();`, context, { timeout: DEADLINE_MS });
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('vtaNameClashes' in error)) return;
    if (Array.isArray(error.vtaNameClashes)) throw new NameClashError('workflows', error.vtaNameClashes.map(String));
  }
}

/** What the SDK gives its sandbox beside JavaScript itself, without anything that reaches outside. */
function sandbox(): Record<string, unknown> {
  const silent = () => undefined;
  return {
    __webpack_module_cache__: {},
    console: { log: silent, warn: silent, error: silent, info: silent, debug: silent },
    AsyncLocalStorage,
    AbortController,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    assert,
  };
}
