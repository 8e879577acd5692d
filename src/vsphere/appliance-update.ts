import {
  anything,
  boolean,
  id,
  list,
  mapOf,
  nothing,
  number,
  object,
  oneOf,
  string,
  timestamp,
  type Decoded,
} from './decode';
import { localizableMessage, notifications } from './localizable-message';
import type { Notifications } from './localizable-message';
import type { RestClient } from './rest-client';
import { path, withQuery } from './rest-path';
import type { CallOptions } from './transport';

const progress = object({}, { total: number, completed: number, message: localizableMessage });
const updateTask = object(
  { status: oneOf('PENDING', 'RUNNING', 'BLOCKED', 'SUCCEEDED', 'FAILED') },
  {
    progress,
    subtask_order: list(string),
    subtasks: mapOf(anything),
    error: anything,
    operation: string,
    start_time: timestamp,
  },
);
const info = object(
  {
    state: oneOf(
      'UP_TO_DATE',
      'UPDATES_PENDING',
      'STAGE_IN_PROGRESS',
      'INSTALL_IN_PROGRESS',
      'INSTALL_FAILED',
      'ROLLBACK_IN_PROGRESS',
    ),
    version: string,
  },
  { task: updateTask, latest_query_time: timestamp },
);
/**
 * What the updater is at. `version` changes its meaning with the state (the running one only when UP_TO_DATE, the
 * staged, installing or failed one otherwise): read the running version from `system/version`.
 * INSTALL_FAILED means failed and not recoverable by itself.
 */
export type UpdateState = Decoded<typeof info>;

const described = {
  name: string,
  update_type: oneOf('SECURITY', 'FIX', 'UPDATE', 'UPGRADE'),
  reboot_required: boolean,
} as const;
const more = {
  description: localizableMessage,
  severity: oneOf('CRITICAL', 'IMPORTANT', 'MODERATE', 'LOW'),
  priority: oneOf('HIGH', 'MEDIUM', 'LOW'),
  release_date: timestamp,
  size: number,
} as const;

const summary = object({ version: id, ...described }, more);
/** An update that is available. */
export type UpdateSummary = Decoded<typeof summary>;
const details = object(
  { ...described, staged: boolean },
  { ...more, eulas: list(localizableMessage), services_will_be_stopped: list(anything), knowledge_base: string },
);
export type UpdateDetails = Decoded<typeof details>;
const staged = object({ version: id, staging_complete: boolean, ...described }, more);
/** The one update that is staged. */
export type StagedUpdate = Decoded<typeof staged>;

const question = object(
  { data_item: id, type: oneOf('PLAIN_TEXT', 'BOOLEAN', 'PASSWORD'), text: localizableMessage },
  { description: localizableMessage, allowed_values: list(string), regexp: string, default_answer: string },
);
const precheck = object(
  { check_time: timestamp, reboot_required: boolean, questions: list(question) },
  { estimated_time_to_install: number, estimated_time_to_rollback: number, issues: notifications },
);
/** Result of a pre-check; `questions` must be answered to install, `issues.errors` stand in its way. Times in minutes. */
export type UpdatePrecheck = Decoded<typeof precheck>;

/** Where updates are looked for. LAST_CHECK asks nobody. */
export type UpdateSource = 'LAST_CHECK' | 'LOCAL' | 'LOCAL_AND_ONLINE';

/** Answers to the questions of the pre-check, by `data_item`. May hold a password. */
export type UpdateAnswers = Readonly<Record<string, string>>;

/**
 * Patches of the vCenter appliance: `/api/appliance/update`, since 6.7. None is a task: actions answer 204 and go on;
 * `state` tells how far. The field `component` (8.0.0.1) is never sent: where it belongs on this API is not documented.
 */
export class ApplianceUpdate {
  constructor(private readonly rest: RestClient) {}

  /** `GET /api/appliance/update` · repeatable. */
  state(options?: CallOptions): Promise<UpdateState> {
    return this.rest.get('/api/appliance/update', info, options);
  }

  /** `POST /api/appliance/update?action=cancel` · repeatable: NOT_ALLOWED_IN_CURRENT_STATE if it cannot be cancelled. */
  cancel(options?: CallOptions): Promise<undefined> {
    return this.rest.call(
      { method: 'POST', path: withQuery('/api/appliance/update', { action: 'cancel' }) },
      nothing,
      options,
    );
  }

  /** `GET …/pending` · repeatable. NOT_FOUND: the source was not found. @param url a repository other than the set one */
  pending(source: UpdateSource, url?: string, options?: CallOptions): Promise<UpdateSummary[]> {
    const to = withQuery('/api/appliance/update/pending', { source_type: source, url });
    return this.rest.get(to, list(summary), options);
  }

  /** `GET …/pending/{version}` · repeatable. ALREADY_IN_DESIRED_STATE if it is installed. */
  details(version: string, options?: CallOptions): Promise<UpdateDetails> {
    return this.rest.get(pending(version), details, options);
  }

  /** `POST …/pending/{version}?action=precheck` · repeatable, may take minutes: give it a deadline to match. */
  precheck(version: string, options?: CallOptions): Promise<UpdatePrecheck> {
    return this.rest.call({ method: 'POST', path: pending(version, 'precheck') }, precheck, options);
  }

  /** `POST …/pending/{version}?action=validate` · repeatable. Checks the answers before an install. */
  validate(version: string, answers: UpdateAnswers, options?: CallOptions): Promise<Notifications> {
    const request = { method: 'POST', path: pending(version, 'validate'), body: { user_data: answers } } as const;
    return this.rest.call(request, notifications, options);
  }

  /** `POST …/pending/{version}?action=stage` · repeatable: ALREADY_EXISTS if it is staged. */
  stage(version: string, options?: CallOptions): Promise<undefined> {
    return this.rest.call({ method: 'POST', path: pending(version, 'stage') }, nothing, options);
  }

  /**
   * `POST …/pending/{version}?action=install` · NOT repeatable: after a lost answer read `state` and `system/version`.
   * Fails if nothing is staged. The appliance may reboot: sessions end, connections break, 503 for minutes.
   */
  install(version: string, answers: UpdateAnswers, options?: CallOptions): Promise<undefined> {
    const request = { method: 'POST', path: pending(version, 'install'), body: { user_data: answers } } as const;
    return this.rest.call(request, nothing, options);
  }

  /** `GET …/staged` · repeatable. NOT_ALLOWED_IN_CURRENT_STATE if nothing is staged. */
  staged(options?: CallOptions): Promise<StagedUpdate> {
    return this.rest.get('/api/appliance/update/staged', staged, options);
  }

  /** `DELETE …/staged` · repeatable. Drops what is staged. */
  removeStaged(options?: CallOptions): Promise<undefined> {
    return this.rest.call({ method: 'DELETE', path: '/api/appliance/update/staged' }, nothing, options);
  }
}

function pending(version: string, action?: string): string {
  return withQuery(path`/api/appliance/update/pending/${version}`, { action });
}
