import type { Activities } from './activities';
import { createApplyPolicyActivities } from './apply-policy';
import { createAuditActivities } from './audit-file';
import { withHeartbeat } from './beat';
import { createBaseImageActivities } from './base-images';
import { createBaseImageRemovalActivities } from './base-image-removal';
import { createClusterHealthActivities } from './cluster-health';
import { createConfigurationBackupActivities } from './configuration-backup';
import { Connections } from './connections';
import { siteFinder, type ActivityDependencies } from './dependencies';
import { createDesiredImageActivities } from './desired-image';
import { createHoldActivities } from './holds';
import { createHostReadActivities } from './host-reads';
import { createHostStandingActivities } from './host-standing';
import { createHostStagingActivities } from './host-staging';
import { createHostWaitActivities } from './host-waits';
import { createMaintenanceModeActivities } from './maintenance-mode';
import { createDraftActivities } from './own-draft';
import { createPatchActivities } from './patches';
import { createPlanActivities } from './plan';
import { createRebootActivities } from './reboot';
import { createRemediationActivities } from './remediation';
import { createRecoveryActivities } from './create-recovery-activities';
import { toFailure } from './to-failure';
import { createVCenterBackupActivities } from './vcenter-backup';
import { createVCenterUpdateActivities } from './vcenter-update';
import { createWindowActivities } from './window';

/** The activities of a worker, and how to end their sessions. */
export interface WorkerActivities {
  activities: Activities;
  /** Logs out of every vCenter, best effort. */
  close: () => Promise<void>;
}

/** Builds the activities over what the worker knows: its configuration and how it resolves secrets. */
export function createActivities(dependencies: ActivityDependencies): WorkerActivities {
  const opened: Connections[] = [];
  const findSite = siteFinder(dependencies, ({ infrastructure }) => {
    const connections = new Connections(infrastructure, dependencies.resolveSecret);
    opened.push(connections);
    return connections;
  });
  const activities: Activities = {
    ...createPlanActivities(findSite),
    ...createPatchActivities(findSite),
    ...createAuditActivities(findSite),
    ...createConfigurationBackupActivities(findSite),
    ...createVCenterUpdateActivities(findSite),
    ...createVCenterBackupActivities(findSite),
    ...createDesiredImageActivities(findSite),
    ...createDraftActivities(findSite),
    ...createApplyPolicyActivities(findSite),
    ...createClusterHealthActivities(findSite),
    ...createHoldActivities(findSite),
    ...createWindowActivities(),
    ...createHostReadActivities(findSite),
    ...createHostStandingActivities(findSite),
    ...createHostStagingActivities(findSite),
    ...createHostWaitActivities(findSite),
    ...createMaintenanceModeActivities(findSite),
    ...createRebootActivities(findSite),
    ...createRemediationActivities(findSite),
    ...createBaseImageActivities(findSite),
    ...createBaseImageRemovalActivities(findSite),
    ...createRecoveryActivities(findSite),
  };
  return {
    activities: wrapped(activities),
    close: async () => {
      await Promise.all(opened.map((connections) => connections.close()));
    },
  };
}

/** Every activity beats, and every error of a client leaves it as a failure with a code. */
function wrapped(activities: Activities): Activities {
  const wrap =
    <I, O>(activity: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      try {
        return await withHeartbeat(input, () => activity(input));
      } catch (error) {
        throw toFailure(error);
      }
    };
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      wrap(activity as (input: unknown) => Promise<unknown>),
    ]),
  ) as unknown as Activities;
}
