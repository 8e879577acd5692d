/** Host application and plugin use one name for two things. Names stand in histories, so neither may win silently. */
export class NameClashError extends Error {
  override readonly name = 'NameClashError';

  /** @param names that both have */
  constructor(
    readonly kind: 'workflows' | 'activities',
    readonly names: string[],
  ) {
    super(
      `This worker has ${kind} of its own with names of vta-upgrade: ${names.join(', ')}. ` +
        (kind === 'workflows'
          ? 'Rename its own, or run vta-upgrade in a worker without them.'
          : 'Rename its own; or, if they come from a second VtaUpgradePlugin, give one and the same plugin object to connection and worker.'),
    );
  }
}
