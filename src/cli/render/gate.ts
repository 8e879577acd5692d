import type { OpenGate } from '../../model/progress';
import { shellLine } from '../shell-words';

/** The question of an open gate with all that an answer needs, and the commands that answer it. */
export function renderGate(infrastructure: string, gate: OpenGate): string[] {
  return [
    `Open gate ${gate.id}`,
    `  ${gate.question}`,
    ...gate.facts.map((fact) => `    - ${fact}`),
    ...(gate.digest === undefined ? [] : [`  digest ${gate.digest}`]),
    ...(gate.approvals === undefined ? [] : [`  ${approvals(gate.approvals)}`]),
    `  open since ${gate.openedAt}, ${gate.closes === true ? 'unanswered it is closed, and nothing is done, at' : 'reminds at'} ${gate.expiresAt}${reminded(gate.reminders)}`,
    '  Answer it:',
    ...gateCommands(infrastructure, gate).map((line) => `    ${line}`),
  ];
}

function approvals({ given, required }: { given: string[]; required: number }): string {
  return `approved by ${given.length} of ${required}${given.length === 0 ? '' : `: ${given.join(', ')}`}`;
}

function reminded(times = 0): string {
  return times === 0 ? '' : `; nobody answered in time ${times === 1 ? 'once' : `${times} times`}`;
}

/** The commands that answer a gate, as they are typed; NAME and TEXT are to be filled in. */
export function gateCommands(infrastructure: string, gate: OpenGate): string[] {
  const { id, digest, step, attempt, actions } = gate;
  if (step !== undefined && attempt !== undefined) {
    return (actions ?? []).map((action) => {
      const words = ['decide', infrastructure, '--step', step, '--attempt', `${attempt}`, '--action', action];
      return `${shellLine(['vta-upgrade', ...words])} --by NAME --reason TEXT`;
    });
  }
  return ['approve', 'reject'].map((verb) => {
    const words = [verb, infrastructure, '--gate', id, ...(digest === undefined ? [] : ['--digest', digest])];
    return `${shellLine(['vta-upgrade', ...words])} --by NAME`;
  });
}
