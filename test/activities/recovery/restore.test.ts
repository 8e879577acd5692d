import { describe, expect, it } from 'vitest';
import { startRecoveryLab, TA_1, TA_2, type RecoveryLab } from './recovery-lab';

/** By what a vCenter tells of it, and by what is on it, it is as its neighbour. */
function expectLikeNeighbour(lab: RecoveryLab): void {
  expect(lab.host(TA_1).trust).toEqual(lab.host(TA_2).trust);
  expect(lab.host(TA_1).services).toEqual(lab.host(TA_2).services);
}

const SWITCHES = (['applied-with-error', 'converge'] as const).flatMap((createOnPartial) =>
  (['submit', 'task'] as const).map((errorsAt) => ({ createOnPartial, errorsAt })),
);

describe.concurrent('restoring the configuration of a host that was added again', { timeout: 60_000 }, () => {
  it.each(SWITCHES)(
    'gives a wiped one what its neighbour has ($createOnPartial, errors at $errorsAt)',
    async (switches) => {
      await using lab = await startRecoveryLab({ switches });
      const backup = await lab.backup();
      const before = structuredClone(lab.host(TA_2).trust);
      const host = await lab.readd(TA_1);
      expect(lab.host(TA_1).trust).not.toEqual(before);
      const { written, notes } = await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
      expect(notes).toEqual([]);
      expectLikeNeighbour(lab);
      // Nothing that the neighbour had was taken away or replaced.
      expect(lab.host(TA_2).trust).toEqual(before);
      expect(written).toContain('key provider corp-kms: password');
      await lab.call('vtaWaitHostConsistent', { host });
      const again = await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup });
      expect(again).toEqual({ written: [], notes: [] });
    },
  );

  it.each([
    { createOnPartial: 'applied-with-error' },
    { createOnPartial: 'converge' },
    { createOnPartial: 'already-exists' },
  ] as const)('writes nothing to one that came back as it left ($createOnPartial)', async (switches) => {
    await using lab = await startRecoveryLab({ switches: { ...switches, reAddedHostKeepsTrust: true } });
    const backup = await lab.backup();
    const host = await lab.readd(TA_1);
    expect(await lab.call('vtaEnsureVtaConfigurationRestored', { host, backup })).toEqual({ written: [], notes: [] });
    expectLikeNeighbour(lab);
  });
});
