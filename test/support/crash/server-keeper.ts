import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevServer, startDevServer } from '../../../src/cli/dev-server';
import { locateTemporal } from '../../../src/cli/temporal-binary/locate-temporal';

/** A Temporal dev server of a test's own that keeps its state in a file, and may be killed and started again. */
export class ServerKeeper implements AsyncDisposable {
  /** How often it was killed. */
  kills = 0;
  private under: Promise<void> | undefined;

  private constructor(
    private readonly directory: string,
    private readonly binary: string,
    private server: DevServer,
  ) {}

  static async start(): Promise<ServerKeeper> {
    const directory = mkdtempSync(join(tmpdir(), 'vta-upgrade-server-'));
    const { path: binary } = await locateTemporal({ env: process.env, log: () => undefined });
    return new ServerKeeper(directory, binary, await startDevServer(optionsOf(directory, binary)));
  }

  /** `host:port`; the same after each restart. */
  get address(): string {
    return this.server.address;
  }

  /**
   * Kills the server (SIGKILL) in this moment and starts it again after a while, on the same port and file.
   * @returns resolves when it answers again; at once when it is down already
   */
  async kill(awayMs: number): Promise<void> {
    if (this.under !== undefined) return;
    this.kills += 1;
    process.kill(this.server.pid, 'SIGKILL');
    this.under = this.comeBack(awayMs);
    await this.under;
  }

  private async comeBack(awayMs: number): Promise<void> {
    const [, port] = this.server.address.split(':');
    await this.server.ended;
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    this.server = await startDevServer({ ...optionsOf(this.directory, this.binary), port: Number(port) });
    this.under = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.under;
    await this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function optionsOf(directory: string, binary: string) {
  return {
    binary,
    headless: true,
    dbFilename: join(directory, 'temporal.db'),
    logFile: join(directory, 'temporal.log'),
  };
}
