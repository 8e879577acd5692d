import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../src/model/request.schema';

const IMAGE = { baseImage: '8.0.3-0.0.24674464' };

function valid(value: unknown) {
  const checked = checkRequest(value);
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.problems));
  return checked.value;
}

describe('a request', () => {
  it('needs nothing but the infrastructure; everything else has a safe default', () => {
    expect(valid({ infrastructure: 'prod' })).toEqual({
      infrastructure: 'prod',
      target: { esxi: 'desired' },
      baseImage: { from: 'first-host' },
      approve: [],
      phases: [1, 2, 3, 4],
      quickBoot: 'disable',
      reboot: [],
      failureBudget: 0,
    });
  });

  it('is taken whole', () => {
    expect(
      valid({
        infrastructure: 'prod',
        target: { vCenter: '8.0.3.00500', esxi: { ...IMAGE, addOn: { name: 'vendor', version: '803.0.0-12' } } },
        baseImage: { from: 'file', name: 'esxi-8.0.3.tgz' },
        approve: ['phase', 'host'],
        phases: [4, 2],
        reason: 'security fix',
        quickBoot: 'disable',
        reboot: [],
        failureBudget: 2,
        soak: '15m',
      }),
    ).toEqual({
      infrastructure: 'prod',
      target: { vCenter: '8.0.3.00500', esxi: { ...IMAGE, addOn: { name: 'vendor', version: '803.0.0-12' } } },
      baseImage: { from: 'file', name: 'esxi-8.0.3.tgz' },
      approve: ['phase', 'host'],
      phases: [4, 2],
      reason: 'security fix',
      quickBoot: 'disable',
      reboot: [],
      failureBudget: 2,
      soakMs: 900_000,
    });
  });

  it('with an empty target leaves vCenters alone and takes hosts to their desired image', () => {
    expect(valid({ infrastructure: 'prod', target: {} }).target).toEqual({ esxi: 'desired' });
  });

  it.each([
    ['"desired"', 'desired', 'desired'],
    ['a specification', IMAGE, IMAGE],
    ['a map by cluster', { A: 'desired', B: IMAGE }, { byCluster: { A: 'desired', B: IMAGE } }],
    ['an empty map', {}, { byCluster: {} }],
    [
      'a map whose cluster is called almost like a key',
      { 'Base image': IMAGE },
      { byCluster: { 'Base image': IMAGE } },
    ],
  ])('takes %s for hosts', (_what, esxi, expected) => {
    expect(valid({ infrastructure: 'prod', target: { esxi } }).target.esxi).toEqual(expected);
  });

  it('does not allow that a Trusted Host is removed unless it says so', () => {
    expect(valid({ infrastructure: 'prod' }).recoverTrustedHosts).toBeUndefined();
    expect(valid({ infrastructure: 'prod', recoverTrustedHosts: true }).recoverTrustedHosts).toBe(true);
  });

  it('may name a version without vSphere Trust Authority: the planner says why not', () => {
    expect(valid({ infrastructure: 'prod', target: { vCenter: '9.0.0.00000' } }).target.vCenter).toBe('9.0.0.00000');
  });
});
