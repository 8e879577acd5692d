import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { connectVerified, type TlsTarget, type TlsTrust } from './tls';

/** Idle connections are closed before a server would: vCenter and ESXi keep them for longer than this. */
const IDLE_MS = 4_000;

/**
 * Hands a connection to a request only after its peer is verified. With Node's own agent the request is queued on the
 * socket before the handshake; here nothing is, and an error before that moment is for certain "not sent".
 */
export class VerifyingAgent extends https.Agent {
  readonly #target: TlsTarget;
  readonly #trust: TlsTrust;
  readonly #connecting = new Set<TLSSocket>();

  constructor(target: TlsTarget, trust: TlsTrust, options: { keepAlive: boolean }) {
    // TCP keep-alive ends a connection whose server has vanished without a word (a rebooting appliance).
    super({ keepAlive: options.keepAlive, keepAliveMsecs: 10_000, timeout: options.keepAlive ? IDLE_MS : 0 });
    this.#target = target;
    this.#trust = trust;
  }

  override createConnection(
    _options: https.RequestOptions,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    const track = (socket: TLSSocket): void => {
      this.#connecting.add(socket);
      const forget = (): boolean => this.#connecting.delete(socket);
      socket.once('secureConnect', forget).once('close', forget);
    };
    connectVerified(`connect to ${this.#target.host}:${this.#target.port}`, this.#target, this.#trust, track).then(
      (socket) => callback?.(null, socket),
      // Node reads only the error then; its type asks for a socket in both cases.
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
  }

  override destroy(): void {
    for (const socket of this.#connecting) socket.destroy();
    super.destroy();
  }
}
