import { randomUUID } from 'node:crypto';
import type { UpdateDefinition } from '@temporalio/common';
import type { ApproveMessage, RejectMessage } from '../model/messages';
import type { OpenGate, Progress } from '../model/progress';
import { CliFailure } from './cli-failure';
import type { Answer } from './command';
import { EXIT, type ExitCode } from './exit-codes';
import { Interrupted } from './interruption';
import type { Io } from './io';
import { requiredText, text, type ValuesOf } from './options';
import { gateCommands, renderGate } from './render/gate';
import { readProgress } from './temporal/run-access';
import { sendMessage, updateIdOf } from './temporal/send-message';
import { withTemporal } from './temporal/with-temporal';

/** What `approve` and `reject` take. */
export const ANSWER_ARGUMENTS = { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') };
export const ANSWER_OPTIONS = {
  gate: requiredText('ID', 'the open gate, such as plan; `vta-upgrade status` lists them'),
  digest: text(
    'DIGEST',
    'what you answer, as the gate shows it; without it the question is shown and you are asked, which needs a terminal',
  ),
  by: requiredText('NAME', 'your name, as the infrastructure file lists it among the approvers'),
  reason: text('TEXT', 'why; recorded in the audit'),
};

type Options = ValuesOf<typeof ANSWER_OPTIONS>;

/**
 * Answers an open gate. The answer always names what it answers: an approval that meant "the current one" would land on
 * whatever is asked next.
 */
export async function answerGate(
  verb: 'approve' | 'reject',
  update: UpdateDefinition<string, [ApproveMessage | RejectMessage]>,
  infrastructure: string,
  { gate: id, digest, by, reason }: Options,
  io: Io,
): Promise<Answer> {
  return await withTemporal(io, async (temporal) => {
    const progress = await readProgress(temporal, infrastructure);
    const gate = progress.gates.find((open) => open.id === id);
    const message = {
      gate: id,
      digest: digest ?? (await confirm(verb, progress, gate, id, io)),
      by,
      ...(reason === undefined ? {} : { reason }),
    };
    const updateId = idOf(verb, message, gate);
    const said = await sendMessage(temporal, infrastructure, update, message, updateId);
    return { exitCode: EXIT.done, json: { infrastructure, ...message, answer: verb, said }, text: said };
  });
}

/**
 * The same answer to the same opening of a gate is one message, however often it is sent. A gate that is asked again, or
 * renewed because nobody answered in time, wants a new one although its digest is the same.
 */
function idOf(verb: string, message: ApproveMessage, gate: OpenGate | undefined): string {
  const opening = gate === undefined ? randomUUID() : `${gate.openedAt} ${gate.expiresAt}`;
  return updateIdOf(verb, message.gate, message.by, message.digest, opening);
}

/** Shows what is asked and lets a person say yes; returns the digest of what was shown. */
async function confirm(
  verb: string,
  progress: Progress,
  gate: OpenGate | undefined,
  id: string,
  io: Io,
): Promise<string> {
  const { infrastructure } = progress;
  if (gate === undefined) throw notOpen(progress, id);
  if (gate.digest === undefined) {
    throw new CliFailure({
      code: 'VTA_MESSAGE_INVALID',
      message: `Gate ${id} asks for a decision, not for an approval.`,
      next: gateCommands(infrastructure, gate),
      exitCode: EXIT.refused,
    });
  }
  if (!io.canAsk) {
    throw new CliFailure({
      code: 'VTA_USAGE_WRONG',
      message: 'Without a terminal --digest is required, so that nothing is answered that nobody has seen.',
      state: renderGate(infrastructure, gate),
      exitCode: EXIT.usage,
    });
  }
  io.note(`${renderGate(infrastructure, gate).slice(0, -3).join('\n')}\n`);
  const typed = await io.ask(`Type "${verb}" to ${verb}: `).catch((error: unknown) => {
    if (error instanceof Interrupted) throw notConfirmed(EXIT.interrupted);
    throw error;
  });
  if (typed.trim().toLowerCase() !== verb) throw notConfirmed(EXIT.failed);
  return gate.digest;
}

function notConfirmed(exitCode: ExitCode): CliFailure {
  return new CliFailure({ code: 'VTA_USAGE_WRONG', message: 'Not confirmed; nothing was sent.', exitCode });
}

function notOpen(progress: Progress, id: string): CliFailure {
  const { infrastructure, gates, now } = progress;
  return new CliFailure({
    code: 'VTA_GATE_NOT_OPEN',
    message: `Gate ${id} is not open.`,
    state: [now, ...gates.map((gate) => `Open gate ${gate.id}: ${gate.question}`)],
    next: gates.length === 0 ? [] : gates.flatMap((gate) => gateCommands(infrastructure, gate)),
    exitCode: EXIT.refused,
  });
}
