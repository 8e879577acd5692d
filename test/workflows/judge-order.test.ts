import { describe, expect, it } from 'vitest';
import type { WorldEvent, WorldEventKind } from '../../simulator/world/events';
import { judgeOrder } from '../support/judge-order';

const site = { trustAuthorityVCenter: 'ta-vc', trustAuthorityHosts: ['ta-1', 'ta-2'], trustedHosts: ['h-1', 'h-2'] };

type Line = [WorldEventKind, string, Record<string, unknown>?];

/** A log in which one host after the other is upgraded, all rules kept. */
const good: Line[] = [
  ['vcenter-update-started', 'ta-vc'],
  ['vcenter-back', 'ta-vc'],
  ...host('ta-1'),
  ...host('ta-2'),
  ['vcenter-update-started', 'workload-vc'],
  ['vcenter-back', 'workload-vc'],
  ['maintenance-mode-entering', 'h-1'],
  ['reboot-started', 'h-1'],
  ['build-changed', 'h-1', { baseImage: 'new' }],
  ['not-attested', 'h-1'],
  ['base-image-imported', 'ta-vc', { baseImage: 'new' }],
  ['attested', 'h-1'],
  ['maintenance-mode-left', 'h-1'],
  ...host('h-2'),
];

function host(name: string): Line[] {
  return [
    ['maintenance-mode-entering', name],
    ['remediation-started', name],
    ['reboot-started', name],
    ['connection-changed', name, { to: 'notResponding' }],
    ['build-changed', name, { baseImage: 'new' }],
    ['connection-changed', name, { to: 'connected' }],
    ['attested', name],
    ['maintenance-mode-left', name],
  ];
}

function judge(lines: Line[]): string[] {
  const events = lines.map(([what, where, detail = {}], index): WorldEvent => ({
    seq: index + 1,
    time: '2026-11-25T00:00:00.000Z',
    what,
    detail,
    ...(where.endsWith('vc') ? { vCenter: where } : { host: where }),
  }));
  return judgeOrder(events, site);
}

/** Moves the line at `from` to `to`. */
function moved(from: number, to: number): Line[] {
  const lines = [...good];
  lines.splice(to, 0, ...lines.splice(from, 1));
  return lines;
}

const at = (what: WorldEventKind, where: string) => good.findIndex((line) => line[0] === what && line[1] === where);

describe('the judge of order and pace', () => {
  it('finds nothing in a good run', () => {
    expect(judge(good)).toEqual([]);
  });

  it.each([
    ['two hosts out at once', moved(at('maintenance-mode-left', 'ta-1'), at('reboot-started', 'ta-2') + 1)],
    [
      'phase 3 before phase 2 has ended',
      moved(at('vcenter-update-started', 'workload-vc'), at('reboot-started', 'ta-2')),
    ],
    ['exit before attestation', moved(at('attested', 'h-1'), at('maintenance-mode-left', 'h-1'))],
    ['a second host with an image that is not imported', moved(at('base-image-imported', 'ta-vc'), good.length - 1)],
    [
      'an import while a Trust Authority Host is away',
      moved(at('base-image-imported', 'ta-vc'), at('build-changed', 'ta-2')),
    ],
  ])('finds %s', (_what, lines) => {
    expect(judge(lines)).not.toEqual([]);
  });
});
