import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CliFailure } from '../cli-failure';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { innermostMessage } from './failure-of';
import { retriesUntilClosed } from './retries-until-closed';

/** A connection to the Temporal server, for one command. */
export interface Temporal {
  client: Client;
  connection: Connection;
  namespace: string;
}

const CONNECT_DEADLINE_MS = 5_000;
const DEFAULT_ADDRESS = 'localhost:7233';
const DEFAULT_NAMESPACE = 'default';

/**
 * Connects as the `temporal` CLI would with the same environment and TOML file, does the work, and disconnects.
 * @throws CliFailure VTA_TEMPORAL_UNREACHABLE, which says what was tried
 */
export async function withTemporal<T>(io: Io, work: (temporal: Temporal) => Promise<T>): Promise<T> {
  const { connectionOptions, namespace = DEFAULT_NAMESPACE } = configuration(io.env);
  const address = connectionOptions.address ?? DEFAULT_ADDRESS;
  const { tls, apiKey, metadata } = connectionOptions;
  let connection: Connection;
  let closed = false;
  try {
    connection = await Connection.connect({
      address,
      interceptors: [retriesUntilClosed(() => closed)],
      connectTimeout: CONNECT_DEADLINE_MS,
      ...(tls === undefined || tls === null ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    });
  } catch (error) {
    throw unreachable(address, namespace, io.env, error);
  }
  try {
    return await work({ client: new Client({ connection, namespace }), connection, namespace });
  } catch (error) {
    throw isOfServer(error) ? refusedByServer(address, namespace, io.env, error) : error;
  } finally {
    closed = true;
    await connection.close();
  }
}

function configuration(env: NodeJS.ProcessEnv): ReturnType<typeof loadClientConnectConfig> {
  const given = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  try {
    return loadClientConnectConfig({ overrideEnvVars: given });
  } catch (error) {
    throw new CliFailure({
      code: 'VTA_CONFIGURATION_INVALID',
      message: `The configuration of the Temporal client cannot be read: ${innermostMessage(error)}`,
      state: source(env),
      exitCode: EXIT.usage,
    });
  }
}

function unreachable(address: string, namespace: string, env: NodeJS.ProcessEnv, error: unknown): CliFailure {
  return new CliFailure(
    {
      code: 'VTA_TEMPORAL_UNREACHABLE',
      message: `No Temporal server answers at ${address} (namespace ${namespace}): ${innermostMessage(error)}`,
      state: source(env),
      next: [
        'temporal server start-dev                 starts one on this machine, for trying out',
        'export TEMPORAL_ADDRESS=HOST:PORT         names another one; TEMPORAL_NAMESPACE and TEMPORAL_PROFILE work too',
        'vta-upgrade demo                          brings its own server',
      ],
    },
    { cause: error },
  );
}

/** The server itself failed or refused, as opposed to a workflow. */
function isOfServer(error: unknown): error is Error {
  return error instanceof NamespaceNotFoundError || error instanceof ServiceError || isGrpcServiceError(error);
}

function refusedByServer(address: string, namespace: string, env: NodeJS.ProcessEnv, error: Error): CliFailure {
  return new CliFailure(
    {
      code: 'VTA_TEMPORAL_UNREACHABLE',
      message: `The Temporal server at ${address} (namespace ${namespace}) did not do it: ${innermostMessage(error)}`,
      state: source(env),
      next: ['Look whether address, namespace and credentials are those of the worker, then type it again.'],
    },
    { cause: error },
  );
}

/** Where the address came from, as the SDK looks for it. */
function source(env: NodeJS.ProcessEnv): string[] {
  const variables = Object.keys(env).filter((name) => name.startsWith('TEMPORAL_') && name !== 'TEMPORAL_CLI_PATH');
  const file = env.TEMPORAL_CONFIG_FILE ?? 'the temporal.toml of your configuration directory, if there is one';
  return [
    `Environment: ${variables.length === 0 ? 'no TEMPORAL_ variable is set' : variables.sort().join(', ')}`,
    `File: ${file}; profile ${env.TEMPORAL_PROFILE ?? 'default'}`,
  ];
}
