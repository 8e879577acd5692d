import { randomUUID } from 'node:crypto';
import type { UpdateDefinition } from '@temporalio/common';
import type { Answer } from './command';
import { EXIT } from './exit-codes';
import type { Io } from './io';
import { requiredText } from './options';
import { sendMessage } from './temporal/send-message';
import { withTemporal } from './temporal/with-temporal';

/** What `pause`, `resume` and `abort` take. */
export const STEER_ARGUMENTS = { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') };
export const BY = requiredText('NAME', 'your name, as the infrastructure file lists it among the approvers');
export const REASON = requiredText('TEXT', 'why; shown in the status and recorded in the audit');

/** Pauses, resumes or aborts the run. Each command is a message of its own: the second pause of a day is not the first. */
export async function steerRun<T extends object>(
  update: UpdateDefinition<string, [T]>,
  infrastructure: string,
  message: T,
  io: Io,
): Promise<Answer> {
  return await withTemporal(io, async (temporal) => {
    const updateId = `${update.name}-${randomUUID()}`;
    const said = await sendMessage(temporal, infrastructure, update, message, updateId);
    return { exitCode: EXIT.done, json: { infrastructure, ...message, said }, text: said };
  });
}
