import { remedyOf } from '../vsphere/error-table';
import { ApiFault } from '../vsphere/errors';
import type { ManagedObjectReference } from '../vsphere/vim/managed-object';
import type { VimClient } from '../vsphere/vim/vim-client';
import type { CallOptions } from '../vsphere/transport';

/** What the heartbeat remembers: the task that was begun last, and as what. */
export interface Begun {
  stage: string;
  task: string;
}

/** What became of it. `failed`: it ended without doing what it was for. */
export type TaskState =
  | { kind: 'none' }
  | { kind: 'running'; pending: string }
  | { kind: 'ended'; stage: string }
  | { kind: 'failed'; stage: string; fault: ApiFault };

/**
 * One vim25 task at a time on an object: ours from before a crash, or one whose answer was lost, is waited for and not
 * doubled; and so is anybody else's.
 * @param about objects on which a task may be under way; the names of their operations are not relied on
 */
export async function lookAtTasks(
  vim: VimClient,
  about: readonly { object: ManagedObjectReference; operation?: RegExp }[],
  remembered: unknown,
  options: CallOptions,
): Promise<TaskState> {
  for (const { object, operation } of about) {
    const recent = await vim.tasks.recentOf(object, options).catch(unlessGone);
    const running = recent.find(
      ({ state, descriptionId }) =>
        (state === 'running' || state === 'queued') && (operation === undefined || operation.test(descriptionId)),
    );
    if (running !== undefined) {
      const { descriptionId, userName = 'somebody', state } = running;
      return { kind: 'running', pending: `${descriptionId} of ${userName} is ${state}` };
    }
  }
  if (!isBegun(remembered)) return { kind: 'none' };
  const { stage, task } = remembered;
  const look = await vim.tasks.read(task, options);
  if (look.gone) return { kind: 'ended', stage };
  const { state, error } = look.task;
  if (state === 'running' || state === 'queued') return { kind: 'running', pending: `the task is ${state}` };
  if (state !== 'error') return { kind: 'ended', stage };
  const fault = error ?? { status: undefined, errorType: undefined, messages: ['no reason given'] };
  return { kind: 'failed', stage, fault: new ApiFault(stage, fault) };
}

/** True when the same would fail again: somebody has to change something first. */
export function isFinal(fault: ApiFault): boolean {
  return remedyOf(fault) === 'refused';
}

function isBegun(value: unknown): value is Begun {
  return typeof value === 'object' && value !== null && 'stage' in value && 'task' in value;
}

/** An object that is gone has no tasks. */
function unlessGone(error: unknown): [] {
  if (error instanceof ApiFault && remedyOf(error) === 'gone') return [];
  throw error;
}
