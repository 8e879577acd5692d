import { z } from 'zod';
import { parseDuration } from './duration';

/** Schemas of single values that both the infrastructure file and the request contain. */

/** Text of one form, with one sentence that tells the form whatever is wrong with what was written. */
export function writtenAs(pattern: RegExp, message: string) {
  const error = (issue: { input: unknown }) => (issue.input === undefined ? undefined : message);
  return z.string({ error }).regex(pattern, { error: message });
}

/** Name of an infrastructure: part of workflow ids, so it is kept plain. */
export const infrastructureName = writtenAs(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
  'must be a name of up to 63 letters, digits, dots, hyphens and underscores that begins with a letter or digit',
);

/** Host name or IP address, without scheme, port and path. */
export const hostName = writtenAs(
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$/,
  'must be a host name or IP address as in vCenter, without scheme, port and path',
);

/** Name of an account or person. */
export const accountName = writtenAs(/^(?=.*\S)\P{Cc}{1,200}$/u, 'must be the name of an account');

/** A release of vSphere: what the versions of vCenter and ESXi have in common. */
export const release = writtenAs(
  /^\d{1,3}\.\d{1,3}\.\d{1,3}$/,
  'must be a release, the first three numbers of a version, such as "8.0.3"',
);

/** Name of a cluster as vCenter shows it. */
export const clusterName = writtenAs(/^(?=.*\S)\P{Cc}{1,80}$/u, 'must be the name of a cluster as in vCenter');

/** A sentence that somebody else will read: why something is done or not done. */
export const sentence = writtenAs(/^(?=.*\S)\P{Cc}{1,500}$/u, 'must be one line of text, up to 500 characters');

/**
 * A written duration, as milliseconds.
 * @param longestMs longer ones are refused: they are slips of the keyboard, not intentions
 */
export function duration(longestMs: number) {
  const message = 'must be a duration such as "90s", "15m" or "72h": a whole number above 0 and one of s, m and h';
  return writtenAs(/^\d{1,7}[smh]$/, message).transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined && milliseconds <= longestMs) return milliseconds;
    const tooLong = `is too long: the longest is "${longestMs / 3_600_000}h"`;
    context.issues.push({ code: 'custom', input: text, message: milliseconds === undefined ? message : tooLong });
    return z.NEVER;
  });
}

/** A list in which nothing stands twice. */
export function distinct<T extends z.ZodType>(element: T) {
  return z.array(element).superRefine((list, context) => {
    list.forEach((entry, index) => {
      if (list.indexOf(entry) !== index)
        context.addIssue({ code: 'custom', path: [index], message: 'stands here twice' });
    });
  });
}
