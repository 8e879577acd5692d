import { readFile } from 'node:fs/promises';
import {
  Runtime,
  type BundleOptions,
  type BundlerPlugin,
  type NativeConnectionPlugin,
  type ReplayWorkerOptions,
  type Worker,
  type WorkerOptions,
  type WorkerPlugin,
} from '@temporalio/worker';
import type { ActivityDependencies } from './activities/dependencies';
import { ActivitySessions } from './plugin/activity-sessions';
import { composeWorkflows, workflowsPath } from './plugin/compose-workflows';
import { AHEAD } from './workflows/ahead';
import { readConfiguration } from '../worker/configuration';
import { configuredInfrastructures } from '../worker/main';
import { createSecretResolver } from '../worker/secrets';

/** Where a plugin's activities find infrastructures and secrets. */
export type VtaUpgradePluginOptions =
  | {
      /** The infrastructure file, as for `vta-upgrade worker`. Read when a worker is made. */
      configFile: string;
      /** Finds the secrets that the file refers to; not given: environment variables and files, as the file says. */
      resolveSecret?: ActivityDependencies['resolveSecret'];
    }
  | ActivityDependencies;

/**
 * Adds vta-upgrade to a worker of a host application: its workflows beside the host's in one bundle, its activities beside
 * the host's. Give it to the worker, to its `NativeConnection`, or to both; to `bundleWorkflowCode` where the bundle is
 * made beforehand; to replay workers.
 *
 * Task queue, namespace, connection, data converter and everything else stay as the host set them. Nothing is contacted
 * before the worker runs, and the sessions with the vCenters are ended when it stops.
 */
export class VtaUpgradePlugin implements WorkerPlugin, BundlerPlugin, NativeConnectionPlugin {
  readonly name = 'vta-upgrade.VtaUpgradePlugin';
  private readonly sessions = new ActivitySessions();

  constructor(private readonly options: VtaUpgradePluginOptions) {}

  /**
   * @throws ConfigurationError when the infrastructure file cannot be used
   * @throws NameClashError when the host has an activity of the same name
   */
  async configureWorker(options: WorkerOptions): Promise<WorkerOptions> {
    const activities = this.sessions.append(options.activities, () => this.dependencies());
    return { ...(await withWorkflows(options)), activities };
  }

  async configureReplayWorker(options: ReplayWorkerOptions): Promise<ReplayWorkerOptions> {
    return await withWorkflows(options);
  }

  configureBundler(options: BundleOptions): BundleOptions {
    return composeWorkflows(options);
  }

  async runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void> {
    try {
      await next(worker);
    } finally {
      await this.sessions.close(worker);
    }
  }

  private dependencies(): ActivityDependencies {
    if ('infrastructures' in this.options) return this.options;
    const { configFile, resolveSecret = createSecretResolver(process.env, warn) } = this.options;
    return { infrastructures: configuredInfrastructures(readConfiguration(configFile)), resolveSecret };
  }
}

/** A worker without workflows gets ours; the bundler composes them with those it has; a finished bundle is left alone. */
async function withWorkflows<T extends Pick<WorkerOptions, 'workflowsPath' | 'workflowBundle'>>(
  options: T,
): Promise<T> {
  const { workflowBundle } = options;
  if (workflowBundle === undefined) return { ...options, workflowsPath: options.workflowsPath ?? workflowsPath };
  const code = 'code' in workflowBundle ? workflowBundle.code : await readFile(workflowBundle.codePath, 'utf8');
  if (!code.includes('upgradeTrustAuthority'))
    warn(
      'The workflowBundle of this worker has no workflows of vta-upgrade: make it with VtaUpgradePlugin among the plugins of bundleWorkflowCode.',
    );
  else if (!code.includes(AHEAD))
    warn(
      'The workflowBundle of this worker lacks the interceptors of vta-upgrade: make it with VtaUpgradePlugin among the plugins of bundleWorkflowCode, or with interceptorsPath among its workflowInterceptorModules. Without them a run may stand still after a worker died.',
    );
  return options;
}

function warn(message: string): void {
  Runtime.instance().logger.warn(message);
}
