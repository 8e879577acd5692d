import { nearest } from '../../model/nearest';
import type { Rule } from './rule';

/** A host to be rebooted that the run does not have is a slip, not a wish to be ignored. */
export const hostsToRebootKnown: Rule = ({ reboot, phases }, { trusted }) => {
  const known = trusted.flatMap(({ clusters }) => clusters.flatMap(({ hosts }) => hosts.map(({ name }) => name)));
  return reboot.flatMap((name, at) => {
    const subject = `reboot[${at}]`;
    if (!known.includes(name)) {
      const meant = nearest(name, known);
      return {
        code: 'VTA_HOST_NOT_FOUND' as const,
        subject,
        message: `No Trusted Cluster of the infrastructure has a host "${name}".`,
        remedy: meant === undefined ? 'Write its name as vCenter shows it.' : `Write "${meant}" if that was meant.`,
      };
    }
    if (phases.includes(4)) return [];
    return {
      code: 'VTA_HOST_NOT_FOUND' as const,
      subject,
      message: `Trusted Host ${name} is to be rebooted, and phase 4, in which that is done, is not in the run.`,
      remedy: 'Add 4 to "phases", or leave the host out.',
    };
  });
};
