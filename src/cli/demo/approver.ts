/** Whom the infrastructure file of the simulator names as approver. */
export const APPROVER = 'alice';
