import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan';
import { canonicalJson, planDigestSubject } from '../../src/planner/canonical';
import { imageKey } from '../../src/planner/image-key';
import { inventory, plan, request, withTrustedHosts } from '../support/inventory';

describe('canonicalJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: 'x' })).toBe('{"a":"x","b":[{"c":2,"d":1},3]}');
  });

  it('leaves undefined out and keeps null', () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  it('sorts by code unit, not by language, and takes numbers for keys like others', () => {
    expect(canonicalJson({ ä: 1, z: 2, Z: 3, 10: 4, 9: 5 })).toBe(canonicalJson({ 9: 5, 10: 4, Z: 3, z: 2, ä: 1 }));
    expect(canonicalJson({ ä: 1, z: 2, Z: 3 })).toBe('{"Z":3,"z":2,"ä":1}');
  });

  it('takes __proto__ for a key like any other', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}');
  });

  it('writes plain values', () => {
    expect([canonicalJson('a'), canonicalJson(1), canonicalJson(undefined)]).toEqual(['"a"', '1', 'null']);
  });
});

describe('imageKey', () => {
  it('is the same whatever the order of keys, and with components that are none', () => {
    const one = { baseImage: 'a', components: { x: '1', y: '2' }, addOn: { name: 'n', version: 'v' } };
    const other = { addOn: { version: 'v', name: 'n' }, components: { y: '2', x: '1' }, baseImage: 'a' };
    expect(imageKey(one)).toBe(imageKey(other));
    expect(imageKey({ baseImage: 'a', components: {} })).toBe(imageKey({ baseImage: 'a' }));
  });

  it.each([
    { baseImage: 'b' },
    { baseImage: 'a', addOn: { name: 'n', version: 'v' } },
    { baseImage: 'a', components: { x: '1' } },
  ])('differs for %j', (image) => {
    expect(imageKey(image)).not.toBe(imageKey({ baseImage: 'a' }));
  });
});

describe('the digest of a plan', () => {
  const subject = planDigestSubject(plan());

  it.each<[string, Partial<Plan>]>([
    ['the time', { createdAt: '2031-01-01T00:00:00.000Z' }],
    ['children that are still at work', { waitFor: ['vta-upgrade:lab:host:x'] }],
    ["the readers' list of base images", { baseImages: [] }],
    ['the estimate', { impact: { ...plan().impact, estimatedMinutes: 1 } }],
  ])('does not cover %s', (_name, change) => {
    expect(planDigestSubject({ ...plan(), ...change })).toBe(subject);
  });

  it('does not cover where virtual machines run', () => {
    expect(planDigestSubject(plan(request(), withTrustedHosts({ runningVms: 9 })))).toBe(
      planDigestSubject(plan(request(), withTrustedHosts({ runningVms: 1 }))),
    );
  });

  it.each<[string, Partial<Plan>]>([
    ['the infrastructure', { infrastructure: 'other' }],
    ['its configuration', { infrastructureDigest: 'b'.repeat(64) }],
    ['the reason', { reason: 'because' }],
    ['the phases', { phases: plan().phases.toReversed() }],
    ['the clusters and their images', { clusters: [] }],
    ['the source of base images', { baseImage: { from: 'file', name: 'x', sha256: 'c'.repeat(64) } }],
    ['the gates', { approve: ['host'] }],
    ['what is skipped', { skipped: [{ what: 'x', why: 'y' }] }],
    ['the warnings', { warnings: [{ code: 'VTA_DRS_OFF', subject: 's', message: 'm', remedy: 'r' }] }],
    ['who approves', { approvals: { ...plan().approvals, required: 2 } }],
    ['the pace', { pace: { ...plan().pace, pollMs: 1 } }],
    ['the soak', { soakMs: 1 }],
    ['the failure budget', { failureBudget: 1 }],
    ['what may hold it', { holds: ['alerts'] }],
    ['its window', { window: { timeZone: 'UTC', days: ['mon'], from: '22:00', to: '05:00', except: [] } }],
    ['who leaves service', { impact: { ...plan().impact, leaveService: [] } }],
  ])('covers %s', (_name, change) => {
    expect(planDigestSubject({ ...plan(), ...change })).not.toBe(subject);
  });

  it('is the same for the same world', () => {
    expect(planDigestSubject(plan(request(), structuredClone(inventory())))).toBe(subject);
  });
});
