/** Summaries of the first words under which commands stand that are no commands by themselves. */
export const GROUPS: Readonly<Record<string, string>> = {
  'base-images': 'the ESXi base images that the Trust Authority Cluster trusts',
};
