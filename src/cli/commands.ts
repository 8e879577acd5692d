import type { Command } from './command';
import { abort } from './commands/abort';
import { approve } from './commands/approve';
import { audit } from './commands/audit';
import { auditVerify } from './commands/audit-verify';
import { baseImagesList } from './commands/base-images-list';
import { baseImagesPlanRemoval } from './commands/base-images-plan-removal';
import { baseImagesRemove } from './commands/base-images-remove';
import { decide } from './commands/decide';
import { demo } from './commands/demo';
import { ledger } from './commands/ledger';
import { pause } from './commands/pause';
import { plan } from './commands/plan';
import { reject } from './commands/reject';
import { resume } from './commands/resume';
import { scheduleCreate } from './commands/schedule-create';
import { scheduleDelete } from './commands/schedule-delete';
import { scheduleList } from './commands/schedule-list';
import { schedulePause } from './commands/schedule-pause';
import { scheduleResume } from './commands/schedule-resume';
import { scheduleShow } from './commands/schedule-show';
import { scheduleTrigger } from './commands/schedule-trigger';
import { simulator } from './commands/simulator';
import { start } from './commands/start';
import { status } from './commands/status';
import { worker } from './commands/worker';

/** The only list of commands, in the order of help. */
export const COMMANDS: readonly Command[] = [
  demo,
  plan,
  start,
  status,
  approve,
  reject,
  decide,
  pause,
  resume,
  abort,
  audit,
  auditVerify,
  ledger,
  baseImagesList,
  baseImagesPlanRemoval,
  baseImagesRemove,
  scheduleCreate,
  scheduleList,
  scheduleShow,
  schedulePause,
  scheduleResume,
  scheduleTrigger,
  scheduleDelete,
  worker,
  simulator,
];

/** First words that are no command by themselves, with what stands for all below them in the list of commands. */
export const GROUPS: Readonly<Record<string, string>> = {
  'base-images': 'see and remove trusted ESXi base images: list, plan-removal, remove',
  schedule: 'patch on a schedule: create, list, show, pause, resume, trigger, delete',
};
