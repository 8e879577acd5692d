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
  worker,
  simulator,
];
