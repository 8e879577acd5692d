import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { Connection } from '@temporalio/client';
import { type LeashedProcess, spawnOnLeash } from './spawn-on-leash';

export interface DevServerOptions {
  /** The `temporal` executable, as `locateTemporal` found it. */
  binary: string;
  /** Not given: a free port. */
  port?: number;
  /** Port of the Web UI, unless headless; not given: a free port. */
  uiPort?: number;
  /** SQLite file that outlives the server; not given: all is kept in memory. */
  dbFilename?: string;
  /** True: no Web UI. */
  headless: boolean;
  /** Takes what the server prints. */
  logFile: string;
  /** More dynamic configuration of the server, by key. */
  dynamicConfig?: Record<string, string | number>;
}

export interface DevServer {
  /** `host:port` of the gRPC service. */
  address: string;
  /** URL of the Web UI. */
  uiAddress?: string;
  pid: number;
  /** Resolves when the server ended, by `close()` or by itself. */
  ended: Promise<number | null>;
  close(): Promise<void>;
}

const IP = '127.0.0.1';
const READY_DEADLINE_MS = 30_000;
const STOP_GRACE_MS = 5_000;
/** A free port may be taken by somebody else before the server binds it. */
const ATTEMPTS = 3;

/*
 * The stock dev server hands over one task every 50 ms, which makes an activity cost 100 ms and a child workflow 200 ms.
 * With these it is 15 and 30 ms.
 */
const UNTHROTTLED = Object.fromEntries(
  ['transferProcessor', 'timerProcessor', 'visibilityProcessor'].map((queue) => [`history.${queue}MaxPollRPS`, 1000]),
);

/**
 * Starts a Temporal dev server on the loopback interface and waits until it answers and has its namespace `default`.
 * It ends with `close()`, and at the latest with this process.
 * @throws Error with the end of the server's log when it does not come up
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const uiPort = options.headless ? undefined : (options.uiPort ?? (await freePort()));
    const server = launch(options, port, uiPort);
    try {
      await ready(`${IP}:${port}`, server);
    } catch (error) {
      await server.stop(STOP_GRACE_MS);
      const log = endOf(options.logFile);
      const portTaken = options.port === undefined && /address already in use/i.test(log);
      if (portTaken && attempt < ATTEMPTS) continue;
      throw new Error(`The Temporal dev server did not come up: ${message(error)}\n${log}`, { cause: error });
    }
    return {
      address: `${IP}:${port}`,
      ...(uiPort === undefined ? {} : { uiAddress: `http://${IP}:${uiPort}` }),
      pid: server.pid,
      ended: server.ended,
      close: () => server.stop(STOP_GRACE_MS),
    };
  }
}

function launch(options: DevServerOptions, port: number, uiPort: number | undefined): LeashedProcess {
  const ui = uiPort === undefined ? ['--headless'] : ['--ui-ip', IP, '--ui-port', `${uiPort}`];
  const db = options.dbFilename === undefined ? [] : ['--db-filename', options.dbFilename];
  const settings = Object.entries({ ...UNTHROTTLED, ...options.dynamicConfig });
  const dynamic = settings.flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]);
  const log = openSync(options.logFile, 'a');
  try {
    return spawnOnLeash(
      options.binary,
      ['server', 'start-dev', '--ip', IP, '--port', `${port}`, '--log-level', 'warn', ...ui, ...db, ...dynamic],
      { logFd: log },
    );
  } finally {
    closeSync(log);
  }
}

async function ready(address: string, server: LeashedProcess): Promise<void> {
  let exitCode: number | null | undefined;
  void server.ended.then((code) => (exitCode = code));
  const deadline = Date.now() + READY_DEADLINE_MS;
  for (;;) {
    if (exitCode !== undefined) throw new Error(`it ended with exit code ${exitCode}`);
    try {
      return await probe(address);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function probe(address: string): Promise<void> {
  await portOpen(address); // the gRPC client would wait a second between two looks
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    // The service answers a moment before its namespace exists.
    await connection.withDeadline(Date.now() + 1_000, () =>
      connection.workflowService.describeNamespace({ namespace: 'default' }),
    );
  } finally {
    await connection.close();
  }
}

function portOpen(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(address.split(':')[1]), IP);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, IP, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function endOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  } catch {
    return '';
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
