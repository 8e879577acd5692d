import { TASK_QUEUE } from '../../model/ids';
import { optional } from '../options';

/** For those who run our workflows in a worker of their own. */
export const TASK_QUEUE_OPTION = optional(
  'QUEUE',
  `task queue of the worker; without it ${TASK_QUEUE}`,
  (given) => given,
);
