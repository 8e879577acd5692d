import { ServiceError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import type { World } from '../../../simulator/world/world';
import type { Decision } from '../../../src/model/messages';
import type { OpenGate } from '../../../src/model/progress';
import type { upgradeTrustAuthority } from '../../../src/workflows';
import {
  abortUpdate,
  approveUpdate,
  decideUpdate,
  pauseUpdate,
  rejectUpdate,
  resumeUpdate,
} from '../../../src/workflows/message-definitions';
import { dice, type Dice } from '../dice';
import { mendWorld, revertAtConsole } from './mend-world';
import type { PatientClient } from './patient-client';
import { ProgressWatch } from './progress-watch';

type RunHandle = WorkflowHandle<typeof upgradeTrustAuthority>;

/** Who decides. */
const PERSON = 'alice';

/** So many decisions may be anything; after them people mend what is broken and have the run go on. */
const MOST_DECISIONS = 8;
/** In a world that was mended, a step is tried again so often before people give up on it. */
const MENDED_TRIES = 4;
/** How long a question is looked at while the run still finds out what it may offer. */
const LOOKS_AT_MS = 6_000;

/** A run that neither ended nor came forward, though nothing was broken any more and nobody kept it waiting. */
export class RunIsStuck extends Error {
  override readonly name = 'RunIsStuck';
}

/**
 * People who answer a run by a seed: the same question gets the same answer whenever it is asked. They retry, skip,
 * recover, revert (or only say so), approve, reject, pause and resume, and abort. When they are tired of it they mend the
 * world, and from then on only approve and retry: a run has to come forward by that.
 */
export class RandomPeople {
  /** What they did, in order. */
  readonly told: string[] = [];
  /** What ended the run, if people did: a decision of the seed, or a step that goes wrong in a mended world too. */
  abortedBy: 'a decision' | 'giving up' | undefined;
  /** Steps that were given up, with what was said about them. */
  readonly gaveUpOn: string[] = [];
  readonly #began = Date.now();
  readonly #watch = new ProgressWatch();
  #decided = 0;
  #looks = 0;
  #tired = false;
  /** When the plan was approved: from then on there is something to pause and to abort. */
  #approvedAt: number | undefined;
  readonly #seen = new Map<string, number>();
  readonly #answered = new Set<string>();
  /** How often an answer to a question was refused: the next one is another. */
  readonly #refused = new Map<string, number>();
  /** How often a step was tried again in a mended world. */
  readonly #mendedTries = new Map<string, number>();
  readonly #steering: { at: number; what: 'pause' | 'resume' | 'abort' }[];

  constructor(
    private readonly client: PatientClient,
    private readonly world: World,
    private readonly oldBuild: string,
    private readonly seed: number,
    /**
     * After so many looks they are tired, whatever they decided until then. A look takes a third of a second, and longer on
     * a machine on which everything does.
     */
    private readonly patience: number,
  ) {
    const steering = dice(seed ^ 0x5eed);
    this.#steering = [];
    if (steering.chance(0.3)) {
      const at = steering.below(12_000);
      this.#steering.push({ at, what: 'pause' }, { at: at + 300 + steering.below(3_000), what: 'resume' });
    }
    if (steering.chance(0.1)) this.#steering.push({ at: 2_000 + steering.below(25_000), what: 'abort' });
  }

  /**
   * Goes with the run until it has ended, one way or another.
   * @throws RunIsStuck if it does not come forward
   */
  async accompany(run: RunHandle, deadlineMs: number): Promise<void> {
    while (Date.now() - this.#began < deadlineMs) {
      const { ended, progress } = await this.client.look(run).catch(() => ({ ended: false, progress: undefined }));
      if (ended) return;
      this.#looks += 1;
      await this.#growTired();
      await this.#steer(run);
      if (progress === undefined) continue;
      this.#watch.see(progress);
      if (this.#watch.stuckAt !== undefined)
        throw new RunIsStuck(`stuck ${this.#watch.stuckAt}\n${await this.client.situation(run)}`);
      for (const gate of progress.gates) {
        const key = `${gate.id} ${gate.openedAt}`;
        if (this.#answered.has(key)) continue;
        if (!this.#seen.has(key)) this.#seen.set(key, Date.now());
        if (await this.#answer(run, gate, Date.now() - (this.#seen.get(key) ?? 0))) this.#answered.add(key);
      }
    }
    throw new RunIsStuck(`the run does not end: ${await this.client.situation(run)}`);
  }

  /** Whoever is tired mends the world, lets a paused run go on, and thinks no more of aborting it. */
  async #growTired(): Promise<void> {
    if (this.#tired || (this.#decided <= MOST_DECISIONS && this.#looks < this.patience)) return;
    this.#tired = true;
    this.told.push('tired');
    const paused = this.#steering[0]?.what === 'resume';
    this.#steering.splice(0, Infinity, ...(paused ? [{ at: 0, what: 'resume' as const }] : []));
    await mendWorld(this.world);
  }

  async #answer(run: RunHandle, gate: OpenGate, lookedAtMs: number): Promise<boolean> {
    const chosen = dice(hash(`${this.seed} ${gate.id} ${this.#refused.get(gate.id) ?? 0}`));
    if (gate.step === undefined) {
      const share = gate.id === 'base-image-removal' ? 0.25 : 0.06;
      const reject = !this.#tired && gate.id !== 'plan' && chosen.chance(share);
      const args: [{ gate: string; digest: string; by: string; reason: string }] = [
        { gate: gate.id, digest: gate.digest ?? '', by: PERSON, reason: `id ${gate.id}` },
      ];
      // One that was rejected is asked again, with the same id and digest: another question, and not the same answer.
      const updateId = `${gate.openedAt} ${gate.id} ${gate.digest ?? ''}`.slice(0, 200);
      if (gate.id === 'plan') this.#approvedAt ??= Date.now();
      return await this.#say(reject ? 'rejected' : 'approved', gate.id, args[0].reason, () =>
        run.executeUpdate(reject ? rejectUpdate : approveUpdate, { updateId, args }),
      );
    }
    const action = await this.#decide(gate, lookedAtMs, chosen);
    if (action === undefined) return false;
    this.#decided += 1;
    const { step, attempt = 0 } = gate;
    const reason = `id ${gate.id}`;
    return await this.#say(`decided ${action}`, gate.id, reason, () =>
      run.executeUpdate(decideUpdate, {
        updateId: `${action} ${gate.id}`.slice(0, 200),
        args: [{ step, attempt, action, by: PERSON, reason }],
      }),
    );
  }

  /** What is decided; undefined: what may be offered yet is waited for. */
  async #decide(gate: OpenGate, lookedAtMs: number, chosen: Dice): Promise<Decision | undefined> {
    const { step = '', attempt = 0, actions = [] } = gate;
    if (this.#tired) return await this.#tryAgainMended(gate, lookedAtMs);
    if (step.startsWith('revert:')) {
      if (chosen.chance(0.05)) return this.#abort('a decision');
      const lies = attempt === 1 && chosen.chance(0.25);
      if (!lies) await this.#revertAtConsole(step);
      return 'reverted';
    }
    const wanted = chosen.pick<Decision>(
      attempt > 3
        ? ['retry', 'retry', 'retry', 'skip', 'skip', 'abort']
        : [...times(8, 'retry'), ...times(5, 'skip'), ...times(8, 'recover'), 'abort'],
    );
    if (!actions.includes(wanted) && lookedAtMs < LOOKS_AT_MS) return undefined;
    const action = actions.includes(wanted) ? wanted : 'retry';
    if (action === 'abort') return this.#abort('a decision');
    if (action === 'retry' && (attempt > 3 || chosen.chance(0.5))) await this.#mend(gate);
    return action;
  }

  /** Only a step that goes wrong again and again, although nothing is broken any more, is given up. */
  async #tryAgainMended(gate: OpenGate, lookedAtMs: number): Promise<Decision | undefined> {
    const { step = '', actions = [], facts } = gate;
    const action = step.startsWith('revert:') ? 'reverted' : 'retry';
    if (!actions.includes(action) && lookedAtMs < LOOKS_AT_MS) return undefined;
    const tries = this.#mendedTries.get(step) ?? 0;
    if (!actions.includes(action) || tries >= MENDED_TRIES) {
      this.gaveUpOn.push(`${step} (${actions.join(', ')}): ${facts.join(' ')}`);
      return this.#abort('giving up');
    }
    this.#mendedTries.set(step, tries + 1);
    await this.#mend(gate);
    if (action === 'reverted') await this.#revertAtConsole(step);
    return action;
  }

  async #mend({ step = '', facts }: OpenGate): Promise<void> {
    this.told.push('mends');
    await mendWorld(this.world, `${step} ${facts.join(' ')}`);
  }

  async #revertAtConsole(step: string): Promise<void> {
    await revertAtConsole(this.world, step.slice('revert:'.length), this.oldBuild);
  }

  #abort(by: 'a decision' | 'giving up'): 'abort' {
    this.abortedBy ??= by;
    return 'abort';
  }

  async #steer(run: RunHandle): Promise<void> {
    const next = this.#steering[0];
    const since = this.#tired ? 0 : Date.now() - (this.#approvedAt ?? Date.now());
    if (next === undefined || since < next.at) return;
    const message = { by: PERSON, reason: `id ${next.what}` };
    const update = { pause: pauseUpdate, resume: resumeUpdate, abort: abortUpdate }[next.what].name;
    const said = await this.#say(next.what, 'run', message.reason, () =>
      run.executeUpdate<string, [object]>(update, { args: [message] }),
    );
    if (said) this.#steering.shift();
    if (said && next.what === 'abort') this.#abort('a decision');
  }

  /** True when the message was taken, or steering was refused; false when it has to be said again, or otherwise. */
  async #say(what: string, on: string, why: string, send: () => Promise<string>): Promise<boolean> {
    try {
      const answer = await this.client.attempt(send);
      if (answer === undefined) return false;
      this.told.push(`${what} ${on}`);
      if (on !== 'run') this.client.acknowledged.push({ by: PERSON, what, on, why });
      return true;
    } catch (error) {
      // Closed meanwhile, or the run has ended: the person learns that at once.
      if (error instanceof WorkflowUpdateFailedError || (error instanceof Error && hasEnded(error))) {
        this.told.push(`refused: ${what} ${on}`);
        this.#refused.set(on, (this.#refused.get(on) ?? 0) + 1);
        return on === 'run';
      }
      // A workflow task that failed takes the update with it: the person sends it again.
      if (!(error instanceof ServiceError)) throw error;
      this.told.push(`unanswered: ${what} ${on}: ${String(error.cause)}`);
      return false;
    }
  }
}

function hasEnded({ message, cause }: Error): boolean {
  return /not.found|completed/i.test(`${message} ${String(cause)}`);
}

const times = (count: number, decision: Decision): Decision[] => Array.from({ length: count }, () => decision);

/** A seed of a text (FNV-1a). */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return state >>> 0;
}
