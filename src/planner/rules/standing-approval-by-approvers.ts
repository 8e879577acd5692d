import type { Finding } from '../../model/plan';
import { nameList } from '../name-list';
import type { Rule } from './rule';

/** M10: what is approved beforehand is approved by those who may, and by as many as are needed. */
export const standingApprovalByApprovers: Rule = ({ standingApproval }, { approvals }): Finding[] => {
  if (standingApproval === undefined) return [];
  const { by } = standingApproval;
  const { approvers, required } = approvals;
  const strangers = by.filter((name) => !approvers.includes(name));
  const refuse = (message: string): Finding => ({
    code: 'VTA_STANDING_APPROVAL_INVALID',
    subject: 'standingApproval.by',
    message,
    remedy: `Name ${required} of ${nameList(approvers)}, or leave "standingApproval" out: then people are asked.`,
  });
  return [
    ...strangers.map((name) =>
      refuse(`The standing approval is given by ${name}, who is not an approver of this infrastructure.`),
    ),
    ...(by.length < required
      ? [refuse(`The standing approval is given by ${nameList(by)}; ${required} approvers are needed.`)]
      : []),
  ];
};
