/** What a workflow task fails with, once, when a query had carried its run ahead; a bundle without it lacks the interceptors. */
export const AHEAD = 'A query was answered ahead of this workflow task; the task is tried again from the history.';
