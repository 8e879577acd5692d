import type { ErrorCode } from '../model/error-codes';
import type { HostBaseline, HostLook } from '../model/work';
import { describeFailure, fail, isStepFailure } from './failures';

type Read = HostBaseline | HostLook;

/** Failures that speak of an account, a certificate or an answer, and say nothing of how the host stands. */
const SILENT_ABOUT_HOST: readonly ErrorCode[] = [
  'VTA_CREDENTIALS_REJECTED',
  'VTA_PRIVILEGE_MISSING',
  'VTA_TLS_NOT_TRUSTED',
  'VTA_SECRET_UNRESOLVED',
  'VTA_INFRASTRUCTURE_CHANGED',
  'VTA_UNREACHABLE',
  'VTA_ANSWER_NOT_UNDERSTOOD',
  'VTA_OUTCOME_UNKNOWN',
  'VTA_API_REFUSED',
  'VTA_DEADLINE_PASSED',
];

/**
 * A failure in the middle of a host's step, with what the run knows of the host, where the failure itself does not say it.
 * @param known asked only then
 */
export function withLastKnown(error: unknown, known: () => string): unknown {
  if (!isStepFailure(error)) return error;
  const { code, message, details } = describeFailure(error);
  return SILENT_ABOUT_HOST.includes(code) ? fail(code, `${message} ${known()}`, details) : error;
}

/** What a workflow knows of its host: what it read last, and what it has done or set about since. */
export class LastKnown {
  private readonly since: string[] = [];
  private setAbout: { what: string; at: string } | undefined;

  /** @param read before the host was begun */
  constructor(
    private readonly name: string,
    private read: Read,
  ) {}

  saw(read: Read): void {
    this.read = read;
    this.since.length = 0;
    this.setAbout = undefined;
  }

  /**
   * Does something to the host; where that fails, how far it came is not known.
   * @param what is set about, such as "entering maintenance mode"
   * @param done what is true once it has succeeded
   */
  async during<T>(what: string, done: string, work: () => Promise<T>): Promise<T> {
    this.setAbout = { what, at: new Date().toISOString() };
    const result = await work();
    this.setAbout = undefined;
    if (result !== 'not begun') this.since.push(`${done} (${new Date().toISOString()})`);
    return result;
  }

  describe(): string {
    const done = this.since.length === 0 ? '' : ` Since then ${this.since.join(', and ')}.`;
    const open =
      this.setAbout === undefined
        ? 'How it stands now is not known.'
        : `The run set about ${this.setAbout.what} at ${this.setAbout.at}; whether that has begun, goes on or has ended is not known.`;
    return `As last read by the run, ${describeRead(this.name, this.read)}.${done} ${open}`;
  }
}

/**
 * A host that could not be read before it is begun, or begun again.
 * @param before not given: nothing was read, or it was brought back since, and is another than it was
 */
export function describeUnread(name: string, begun: boolean, before: HostBaseline | undefined): string {
  if (!begun) return `The run has done nothing to ${name} yet.`;
  const was = before === undefined ? '' : `Before it was begun ${describeRead(name, before)}. `;
  return `${was}What was done to ${name} since stands in the audit; how it stands now is not known.`;
}

function describeRead(name: string, read: Read): string {
  const { version, build, inMaintenanceMode, bootTime, vCenterTime } = read;
  const connection = 'connection' in read ? `${read.connection}, ` : '';
  const mode = inMaintenanceMode ? 'in maintenance mode' : 'not in maintenance mode';
  const boot = bootTime === undefined ? '' : `, booted at ${bootTime}`;
  return `${name} was on ${version} build ${build}, ${connection}${mode}${boot} (${vCenterTime} by its vCenter)`;
}
