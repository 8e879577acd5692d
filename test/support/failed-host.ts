import type { Decision } from '../../src/model/messages';
import type { OpenGate } from '../../src/model/progress';
import type { Report } from '../../src/model/report';
import { eventually, progressOf, say } from './people';
import { approve, type Rehearsal } from './rehearsal';

type RunHandle = Awaited<ReturnType<Rehearsal['start']>>;

/** How a test answers the questions of a run with a failed host, one after the other. */
export interface Operator {
  /** What is decided at a gate that asks; undefined: that is not for this operator, and the test looks at it. */
  decide: (gate: OpenGate) => Promise<Decision | 'wait' | undefined> | Decision | 'wait' | undefined;
  /** What is not to be approved; not given: everything is. */
  stopAt?: (gate: OpenGate) => boolean;
}

/** Answers as the operator would until the run ends or a gate opens that is not answered. */
export async function operate(run: RunHandle, operator: Operator): Promise<{ report: Report } | { gate: OpenGate }> {
  let report: Report | undefined;
  let failure: unknown;
  run.result().then(
    (ended) => void (report = ended),
    (error: unknown) => void (failure = error),
  );
  const answered = new Set<string>();
  return await eventually(
    'the end of the run, or a question to look at',
    async () => {
      if (failure !== undefined) throw failure;
      if (report !== undefined) return { report };
      const { gates } = await progressOf(run);
      for (const gate of gates) {
        if (answered.has(`${gate.id} ${gate.openedAt}`)) continue;
        if (operator.stopAt?.(gate) === true) return { gate };
        if (gate.step === undefined) await approve(run, gate);
        else {
          const action = await operator.decide(gate);
          if (action === undefined) return { gate };
          if (action === 'wait') continue;
          await say(run, 'decide', { step: gate.step, attempt: gate.attempt, action, by: 'alice', reason: 'test' });
        }
        answered.add(`${gate.id} ${gate.openedAt}`);
      }
      return undefined;
    },
    LONGEST_RUN_MS,
  );
}

/** A whole run with a failed host, on a machine that is busy. */
const LONGEST_RUN_MS = 220_000;

/** Edits the simulated world, as `POST /world/edit` does. */
export async function edit({ simulator }: Rehearsal, body: Record<string, unknown>): Promise<void> {
  const answer = await fetch(`${simulator.ready.control}/world/edit`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST /world/edit: ${answer.status} ${await answer.text()}`);
}

/**
 * What alice decides: recover, then revert at the console, then upgrade again; anything else is looked at.
 * @param atConsole what a hand at the console of the host does
 */
export function bringsBack(host: string, atConsole: () => Promise<void>) {
  return async ({ step = '', actions = [], facts, attempt }: OpenGate): Promise<Decision | 'wait' | undefined> => {
    if (step === `revert:${host}`) {
      await atConsole();
      return 'reverted';
    }
    if (step !== `host:${host}`) return undefined;
    if (facts[0]?.startsWith('VTA_HOST_RECOVERED') === true) return 'retry';
    if (attempt !== 1) return undefined;
    if (actions.includes('recover')) return 'recover';
    return facts.some((fact) => fact.startsWith('"recover" is not offered')) ? undefined : 'wait';
  };
}
