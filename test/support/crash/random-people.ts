import { setTimeout as sleep } from 'node:timers/promises';
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
  progressQuery,
  rejectUpdate,
  resumeUpdate,
} from '../../../src/workflows/message-definitions';
import { dice, type Dice } from '../dice';
import { mendWorld, revertAtConsole } from './mend-world';
import type { PatientClient } from './patient-client';

type RunHandle = WorkflowHandle<typeof upgradeTrustAuthority>;

/** Who decides. */
const PERSON = 'alice';

/** So many decisions may be anything; after them people mend what is broken and bring the run to an end. */
const PATIENCE = 8;
/** How long a question is looked at while the run still finds out what it may offer. */
const LOOKS_AT_MS = 6_000;
const LOOK_MS = 200;

/**
 * People who answer a run by a seed: the same question gets the same answer whenever it is asked. They retry, skip,
 * recover, revert (or only say so), approve, reject, pause and resume, and abort.
 */
export class RandomPeople {
  /** What they did, in order. */
  readonly told: string[] = [];
  readonly #began = Date.now();
  #decided = 0;
  /** When the plan was approved: from then on there is something to pause and to abort. */
  #approvedAt: number | undefined;
  readonly #seen = new Map<string, number>();
  readonly #answered = new Set<string>();
  /** How often an answer to a question was refused: the next one is another. */
  readonly #refused = new Map<string, number>();
  #gaveUp = false;
  readonly #steering: { at: number; what: 'pause' | 'resume' | 'abort' }[];

  constructor(
    private readonly client: PatientClient,
    private readonly world: World,
    private readonly oldBuild: string,
    private readonly seed: number,
    /** After so many milliseconds they mend the world and abort. */
    private readonly patienceMs: number,
  ) {
    const steering = dice(seed ^ 0x5eed);
    this.#steering = [];
    if (steering.chance(0.3)) {
      const at = steering.below(12_000);
      this.#steering.push({ at, what: 'pause' }, { at: at + 300 + steering.below(3_000), what: 'resume' });
    }
    if (steering.chance(0.1)) this.#steering.push({ at: 2_000 + steering.below(25_000), what: 'abort' });
  }

  /** Goes with the run until it has ended, one way or another. @throws Error if it does not end */
  async accompany(run: RunHandle, deadlineMs: number): Promise<void> {
    while (Date.now() - this.#began < deadlineMs) {
      const description = await this.client.attempt(() => run.describe());
      if (description !== undefined && description.status.name !== 'RUNNING') return;
      const progress = await this.client.attempt(() => run.query(progressQuery)).catch(() => undefined);
      await this.#steer(run);
      for (const gate of progress?.gates ?? []) {
        const key = `${gate.id} ${gate.openedAt}`;
        if (this.#answered.has(key)) continue;
        if (!this.#seen.has(key)) this.#seen.set(key, Date.now());
        if (await this.#answer(run, gate, Date.now() - (this.#seen.get(key) ?? 0))) this.#answered.add(key);
      }
      await sleep(LOOK_MS);
    }
    throw new Error(`the run does not end: ${await this.client.situation(run)}`);
  }

  async #answer(run: RunHandle, gate: OpenGate, lookedAtMs: number): Promise<boolean> {
    const chosen = dice(hash(`${this.seed} ${gate.id} ${this.#refused.get(gate.id) ?? 0}`));
    if (gate.step === undefined) {
      const reject = !this.#tired && gate.id !== 'plan' && chosen.chance(0.06);
      const args: [{ gate: string; digest: string; by: string; reason: string }] = [
        { gate: gate.id, digest: gate.digest ?? '', by: PERSON, reason: `id ${gate.id}` },
      ];
      const updateId = `${gate.id} ${gate.digest ?? ''}`.slice(0, 200);
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
    if (step.startsWith('revert:')) {
      const lies = !this.#tired && attempt === 1 && chosen.chance(0.25);
      if (!this.#tired && chosen.chance(0.05)) return 'abort';
      if (!lies) await revertAtConsole(this.world, step.slice('revert:'.length), this.oldBuild);
      return 'reverted';
    }
    const enough = this.#tired || attempt > 3;
    const wanted = chosen.pick<Decision>(
      enough
        ? ['retry', 'retry', 'retry', 'skip', 'skip', 'abort']
        : [...times(8, 'retry'), ...times(5, 'skip'), ...times(8, 'recover'), 'abort'],
    );
    if (enough && attempt > 6) return 'abort';
    if (!actions.includes(wanted) && lookedAtMs < LOOKS_AT_MS) return undefined;
    const action = actions.includes(wanted) ? wanted : 'retry';
    if (action === 'retry' && (enough || chosen.chance(0.5))) {
      this.told.push('mends');
      await mendWorld(this.world);
    }
    return action;
  }

  async #steer(run: RunHandle): Promise<void> {
    const tooLong = Date.now() - this.#began > this.patienceMs;
    if (tooLong && !this.#gaveUp) {
      this.#gaveUp = true;
      await mendWorld(this.world);
      this.#steering.splice(0, Infinity, { at: 0, what: 'resume' }, { at: 0, what: 'abort' });
    }
    const next = this.#steering[0];
    const since = tooLong ? 0 : Date.now() - (this.#approvedAt ?? Date.now());
    if (next === undefined || since < next.at) return;
    const message = { by: PERSON, reason: `id ${next.what}` };
    const update = { pause: pauseUpdate, resume: resumeUpdate, abort: abortUpdate }[next.what].name;
    const said = await this.#say(next.what, 'run', message.reason, () =>
      run.executeUpdate<string, [object]>(update, { args: [message] }),
    );
    if (said) this.#steering.shift();
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

  get #tired(): boolean {
    return this.#decided > PATIENCE;
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
