import type { CallOptions } from '../transport';
import { SERVICE_INSTANCE, type AboutInfo } from './service-content';
import type { VimSession } from './vim-session';

/** What a server says about itself and its clock. */
export class Server {
  readonly #session: VimSession;

  constructor(session: VimSession) {
    this.#session = session;
  }

  /**
   * CurrentTime, privilege System.View: the server's clock as ISO text. Times of tasks, events and boots of one vCenter
   * are compared with it, never with ours. Repeatable.
   */
  async currentTime(options?: CallOptions): Promise<string> {
    const call = { method: 'CurrentTime', self: SERVICE_INSTANCE, repeatable: true };
    return this.#session.run('CurrentTime', options, async (connection) =>
      (await connection.call(call)).time('returnval'),
    );
  }

  /** What the server said at the login of the present session; logs in if there is none. Repeatable. */
  async about(options?: CallOptions): Promise<AboutInfo> {
    return this.#session.run('RetrieveServiceContent', options, async (connection) => connection.session.content.about);
  }

  /** Our account as this server writes it: the form in which it names who began a task. Repeatable. */
  async userName(options?: CallOptions): Promise<string> {
    return this.#session.run('Login', options, async (connection) => connection.session.userName);
  }
}
