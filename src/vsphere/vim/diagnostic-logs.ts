import { AnswerNotUnderstood } from '../errors';
import type { CallOptions } from '../transport';
import type { DataObject } from './data-object';
import type { Connection, VimSession } from './vim-session';
import { reference, value, type Xml } from './xml-writer';

/** A log that can be read (`DiagnosticManagerLogDescriptor`). */
export interface LogDescriptor {
  /** By which it is read: `vpxd:vpxd.log`, `hostd`. */
  readonly key: string;
  readonly fileName: string;
}

/** A piece of a log (`DiagnosticManagerLogHeader`). */
export interface LogLines {
  /** Numbers of the first and the last line, from 1. */
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly lines: readonly string[];
}

/**
 * Reads logs of a vCenter and of its hosts: evidence, where the server lists the log at all. Privilege
 * Global.Diagnostics. All methods are repeatable. Whether attestd.log and kmxa.log are listed is unverified.
 */
export class DiagnosticLogs {
  readonly #session: VimSession;

  constructor(session: VimSession) {
    this.#session = session;
  }

  /** QueryDescriptions. @param hostId whose logs; without it those of the vCenter itself */
  async list(hostId: string | undefined, options?: CallOptions): Promise<LogDescriptor[]> {
    const answer = await this.#call('QueryDescriptions', [host(hostId)], options);
    return answer.objects('returnval').map((log) => ({ key: log.text('key'), fileName: log.text('fileName') }));
  }

  /**
   * BrowseDiagnosticLog: some lines of a log. Faults: InvalidArgument (no such log), CannotAccessFile.
   * @param range.start first line wanted, from 1; beyond the end there are no lines, and `lineEnd` is the last one
   * @param range.lines how many at most; a server may give fewer and has a limit of its own
   */
  async read(
    log: { readonly hostId?: string | undefined; readonly key: string },
    range: { readonly start: number; readonly lines: number },
    options?: CallOptions,
  ): Promise<LogLines> {
    const parameters = [
      host(log.hostId),
      value('key', log.key),
      value('start', range.start),
      value('lines', range.lines),
    ];
    const header = (await this.#call('BrowseDiagnosticLog', parameters, options)).object('returnval');
    return {
      lineStart: header.integer('lineStart'),
      lineEnd: header.integer('lineEnd'),
      lines: header.texts('lineText'),
    };
  }

  async #call(method: string, parameters: readonly Xml[], options?: CallOptions): Promise<DataObject> {
    return this.#session.run(method, options, async (connection: Connection) => {
      const self = connection.session.content.diagnosticManager;
      if (self === undefined) throw new AnswerNotUnderstood(method, 'diagnosticManager', 'is not set');
      return connection.call({ method, self, parameters, repeatable: true });
    });
  }
}

const host = (id: string | undefined): Xml =>
  reference('host', id === undefined ? undefined : { type: 'HostSystem', id });
