import type { FindSite } from './dependencies';
import { createRecoveryAdditionActivities } from './recovery-addition';
import { createRecoveryConfigurationActivities } from './recovery-configuration';
import { createRecoveryEnablementActivities } from './recovery-enablement';
import { createRecoveryEvidenceActivities } from './recovery-evidence';
import { createRecoveryLookActivities } from './recovery-look';
import { createRecoveryRemovalActivities } from './recovery-removal';
import { createRecoveryServiceActivities } from './recovery-services-known';
import { createRecoveryTrustActivities } from './recovery-trust';
import { createRecoveryWaitActivities } from './recovery-waits';
import type { RecoveryActivities } from './recovery-activities';

/** Everything that brings a failed host back (R20-R24). */
export function createRecoveryActivities(findSite: FindSite): RecoveryActivities {
  return {
    ...createRecoveryEvidenceActivities(findSite),
    ...createRecoveryLookActivities(findSite),
    ...createRecoveryRemovalActivities(findSite),
    ...createRecoveryAdditionActivities(findSite),
    ...createRecoveryEnablementActivities(findSite),
    ...createRecoveryConfigurationActivities(findSite),
    ...createRecoveryServiceActivities(findSite),
    ...createRecoveryTrustActivities(findSite),
    ...createRecoveryWaitActivities(findSite),
  };
}
