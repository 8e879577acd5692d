import { expect, it } from 'vitest';
import { readRequest, REQUEST_OPTIONS } from '../../src/cli/request-options';

it('a reference host that the run upgrades, and nothing else, can be written as options', () => {
  const { baseImage, phases } = REQUEST_OPTIONS;
  const request = readRequest({
    request: undefined,
    infrastructure: 'prod',
    vcenter: undefined,
    esxi: '8.0.3-0.0.24674464',
    baseImage: baseImage.parse('upgraded-reference-host:test-1.example.com'),
    phases: phases.parse('none'),
    approve: undefined,
    reason: undefined,
  });
  expect(request).toEqual({
    infrastructure: 'prod',
    target: { esxi: { baseImage: '8.0.3-0.0.24674464' } },
    baseImage: { from: 'reference-host', host: 'test-1.example.com', upgrade: true },
    phases: [],
  });
});

it('phases in an order of their own are still a list', () => {
  expect(REQUEST_OPTIONS.phases.parse('4, 2')).toEqual([4, 2]);
});
