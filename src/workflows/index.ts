/** The only list of workflows: every export is a workflow type, by its name in histories. */
export { patchTrustAuthority } from './patch-trust-authority';
export { planTrustAuthority } from './plan-trust-authority';
export { vtaLedger } from './ledger';
export { upgradeTrustAuthority } from './upgrade-trust-authority';
export { vtaUpgradeHost } from './upgrade-host';
export { vtaUpgradeVCenter } from './upgrade-vcenter';
