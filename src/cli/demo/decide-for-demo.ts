import type { Decision } from '../../model/messages';
import type { OpenGate } from '../../model/progress';
import { decideUpdate } from '../../workflows/message-definitions';
import { CliFailure } from '../cli-failure';
import type { Io } from '../io';
import { gateCommands, renderGate } from '../render/gate';
import { shellLine } from '../shell-words';
import { sendMessage, updateIdOf } from '../temporal/send-message';
import type { Temporal } from '../temporal/with-temporal';
import { APPROVER } from './approver';
import type { Parts } from './parts';

/**
 * Plays the operator where a step of the demo failed: has a failed Trust Authority Host brought back, does what a hand at
 * its console would do, and has it upgraded again. Any other failure ends the demo with what is true and what can be done.
 */
export async function decideForDemo(io: Io, temporal: Temporal, parts: Parts, gate: OpenGate): Promise<void> {
  const { infrastructure } = parts.ready;
  const action = actionFor(gate);
  if (action === 'look again') return;
  if (action === undefined)
    throw new CliFailure({
      code: 'VTA_UNEXPECTED',
      message: `The run is parked: ${gate.question}`,
      state: gate.facts,
      next: gateCommands(infrastructure, gate),
    });
  io.answer(`\n${renderGate(infrastructure, gate).join('\n')}\n`);
  if (action === 'reverted') await revertAtConsole(io, parts, gate);
  const message = { step: gate.step ?? '', attempt: gate.attempt ?? 0, action, by: APPROVER, reason: 'demo' };
  const words = ['vta-upgrade', 'decide', infrastructure, '--step', message.step, '--attempt', String(message.attempt)];
  io.answer(`$ ${shellLine([...words, '--action', action, '--by', APPROVER, '--reason', 'demo'])}\n`);
  const id = updateIdOf('decide', message.step, message.attempt, action, APPROVER);
  io.answer(`${await sendMessage(temporal, infrastructure, decideUpdate, message, id)}\n\n`);
}

/** What alice does; undefined: the demo does not know a way on. */
function actionFor({ step = '', actions = [], facts, attempt }: OpenGate): Decision | 'look again' | undefined {
  if (actions.includes('reverted')) return 'reverted';
  if (!step.startsWith('host:')) return undefined;
  if (facts[0]?.startsWith('VTA_HOST_RECOVERED') === true) return 'retry';
  if (attempt !== 1) return undefined;
  if (actions.includes('recover')) return 'recover';
  // Whether it can be brought back is found out after the question was opened.
  return facts.some((fact) => fact.startsWith('"recover" is not offered')) ? undefined : 'look again';
}

/** The simulated hand at the console of the host: Shift+R while it boots. */
async function revertAtConsole(io: Io, { ready }: Parts, { step = '' }: OpenGate): Promise<void> {
  const host = step.slice(step.indexOf(':') + 1);
  io.answer(`(at the console of ${host}: reboot, Shift+R, yes)\n`);
  const body = JSON.stringify({ edit: 'revert-host', host });
  const answer = await fetch(`${ready.control}/world/edit`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`POST /world/edit: ${answer.status} ${await answer.text()}`);
}
