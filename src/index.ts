/**
 * The face of `vta-upgrade` for workers, clients and tools. Workflow code imports from `vta-upgrade/workflow` instead: this
 * one brings activities along, which the workflow sandbox does not allow.
 */
export { VtaUpgradePlugin, type VtaUpgradePluginOptions } from './plugin';
export { NameClashError } from './plugin/name-clash-error';

/* What the plugin is made of, for a worker that is put together by hand. */
export { interceptorsPath, workflowsPath } from './plugin/compose-workflows';
export { createActivities, type WorkerActivities } from './activities/create-activities';
export type { Activities } from './activities/activities';
export type { ActivityDependencies, ConfiguredInfrastructure } from './activities/dependencies';
export { readConfiguration, type Configuration } from '../worker/configuration';
export { configuredInfrastructures } from '../worker/main';
export { ConfigurationError } from '../worker/configuration-error';
export { createSecretResolver, SecretUnresolvedError, type ResolveSecret } from '../worker/secrets';
export type { Infrastructure } from './model/infrastructure';
export type { InputProblem } from './model/input-problem';

/* Names and types of what goes in and comes out. */
export { ERROR_CODES, type ErrorCode } from './model/error-codes';
export { hostWorkflowId, patchScheduleId, runWorkflowId, TASK_QUEUE, vCenterWorkflowId } from './model/ids';
export type * from './model/audit';
export type * from './model/image';
export type * from './model/messages';
export type * from './model/patch-report';
export type * from './model/patch-request';
export type * from './model/plan';
export type * from './model/progress';
export type { RestartServiceInput, RevertHostInput, SiteHookResult } from './model/recovery';
export type * from './model/report';
export type * from './model/request';
export type * from './model/standing-approval';
