import { requiredText } from '../options';

/** What the commands of a schedule take. */
export const SCHEDULE_ARGUMENTS = { infrastructure: requiredText('INFRASTRUCTURE', 'name of the infrastructure') };
export const SCHEDULE_BY = requiredText('NAME', 'your name; shown with the schedule');
