import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import type { Decision } from '../../../src/model/messages';
import type { OpenGate, Progress } from '../../../src/model/progress';
import type { Report } from '../../../src/model/report';
import type { upgradeTrustAuthority } from '../../../src/workflows';
import { approveUpdate, decideUpdate, progressQuery } from '../../../src/workflows/message-definitions';

type RunHandle = WorkflowHandle<typeof upgradeTrustAuthority>;

/** An approval or other message that the server or run acknowledged: it may never be lost. */
export interface Acknowledged {
  by: string;
  /** As in the audit. */
  what: string;
  on: string;
  why: string;
}

const LOOK_MS = 250;
/** A run that nothing happened to is asked all the same, now and then. */
const ASK_AGAIN_MS = 2_000;
/** Long enough for an answer, short enough to look again soon when the worker that was asked has died. */
const CALL_DEADLINE_MS = 3_000;

/**
 * Goes with a run to its end as a person with a script would: approves each gate by an update with an id, asks again when
 * no answer came, and lives through servers and workers that are away.
 */
export class PatientClient {
  readonly acknowledged: Acknowledged[] = [];
  /** What is decided about a step that failed, or 'wait'; undefined: nothing may fail. */
  decide: (gate: OpenGate) => Promise<Decision | 'wait' | undefined> = async () => await Promise.resolve(undefined);

  #asked = { historyLength: 0, open: false, at: 0 };

  private constructor(
    readonly connection: Connection,
    readonly client: Client,
  ) {}

  static async connect(address: string): Promise<PatientClient> {
    const connection = await Connection.connect({ address });
    return new PatientClient(connection, new Client({ connection }));
  }

  /**
   * Approves everything until the run ends.
   * @throws Error when a step fails that nothing is decided about: whatever is killed, nothing may fail by it
   */
  async accompany(run: RunHandle, deadlineMs: number): Promise<Report> {
    const until = Date.now() + deadlineMs;
    for (;;) {
      if (Date.now() > until) throw new Error(`The run takes too long. ${await this.situation(run)}`);
      const { ended, progress } = await this.look(run);
      if (ended) break;
      for (const gate of progress?.gates ?? []) {
        if (gate.step === undefined) await this.approve(run, gate.id, gate.digest ?? '');
        else await this.answer(run, gate);
      }
    }
    for (;;) {
      const report = await this.attempt(() => run.result());
      if (report !== undefined) return report;
    }
  }

  /**
   * Waits a moment, then looks at a run. What it tells is asked for only when its history has grown or a gate was open,
   * since an answer costs the worker more than anything else that a person does.
   */
  async look(run: RunHandle): Promise<{ ended: boolean; progress?: Progress | undefined }> {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const description = await this.attempt(() => run.describe());
    if (description === undefined) return { ended: false };
    if (description.status.name !== 'RUNNING') return { ended: true };
    const { historyLength } = description;
    const asked = this.#asked;
    if (historyLength === asked.historyLength && !asked.open && Date.now() - asked.at < ASK_AGAIN_MS)
      return { ended: false };
    const progress = await this.attempt(() => run.query(progressQuery));
    const open = (progress?.gates ?? []).length > 0;
    if (progress !== undefined) this.#asked = { historyLength, open, at: Date.now() };
    return { ended: false, progress };
  }

  private async answer(run: RunHandle, gate: OpenGate): Promise<void> {
    const action = await this.decide(gate);
    if (action === 'wait') return;
    if (action === undefined) throw new Error(`${gate.id} failed: ${gate.facts.join(' ')}`);
    const { step = '', attempt = 0 } = gate;
    const why = `id ${gate.id}`;
    const answer = await this.attempt(() =>
      run.executeUpdate(decideUpdate, {
        updateId: gate.id.slice(0, 200),
        args: [{ step, attempt, action, by: 'alice', reason: why }],
      }),
    );
    if (answer !== undefined) this.acknowledged.push({ by: 'alice', what: `decided ${action}`, on: gate.id, why });
  }

  private async approve(run: RunHandle, gate: string, digest: string): Promise<void> {
    const why = `id approve-${gate}`;
    const answer = await this.attempt(() =>
      run.executeUpdate(approveUpdate, {
        updateId: `approve-${gate}-${digest}`.slice(0, 200),
        args: [{ gate, digest, by: 'alice', reason: why }],
      }),
    );
    if (answer !== undefined) this.acknowledged.push({ by: 'alice', what: 'approved', on: gate, why });
  }

  /** Undefined when no answer came; what was refused is an error of the run, and passes. */
  async attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.connection.withDeadline(Date.now() + CALL_DEADLINE_MS, call);
    } catch (error) {
      if (isAway(error)) return undefined;
      throw error;
    }
  }

  async situation(run: RunHandle): Promise<string> {
    const progress = await this.attempt(() => run.query(progressQuery));
    const description = await this.attempt(() => run.describe());
    const lines = [JSON.stringify(progress?.now)];
    const ids = [run.workflowId, ...(description?.raw.pendingChildren ?? []).map((child) => child.workflowId ?? '')];
    for (const id of ids) {
      const seen = await this.attempt(() => this.client.workflow.getHandle(id).describe());
      for (const activity of seen?.raw.pendingActivities ?? [])
        lines.push(
          `${id}: ${activity.activityType?.name ?? ''}, attempt ${activity.attempt ?? 0}: ${activity.lastFailure?.message ?? 'no failure yet'}`,
        );
    }
    return lines.join('\n');
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** The server, or the worker that a query needs, is away. A refusal, or a failure of the run, is something else. */
function isAway(error: unknown): boolean {
  const seen: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) seen.push(`${at.name} ${at.message}`);
  const text = seen.join(' ');
  if (/WorkflowFailedError|WorkflowUpdateFailedError|QueryNotRegistered|QueryRejected|NotFoundError/.test(text))
    return false;
  return /UNAVAILABLE|DEADLINE_EXCEEDED|CANCELLED|RESOURCE_EXHAUSTED|no poller|connection|ECONN|UNKNOWN|RPCTimeout|Timeout/i.test(
    text,
  );
}
