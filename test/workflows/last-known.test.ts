import { describe, expect, it } from 'vitest';
import type { HostBaseline } from '../../src/model/work';
import { fail } from '../../src/workflows/failures';
import { describeUnread, LastKnown, withLastKnown } from '../../src/workflows/last-known';

const BEFORE = {
  version: '8.0.2',
  build: '1',
  inMaintenanceMode: false,
  vCenterTime: '2026-01-01T00:00:00Z',
} as HostBaseline;

describe('a failure that says nothing of its host', () => {
  it('does not say that nothing was done to a host that was brought back and could not be read after that', () => {
    expect(describeUnread('host-1', false, undefined)).toBe('The run has done nothing to host-1 yet.');
    expect(describeUnread('host-1', true, undefined)).toMatch(
      /^What was done to host-1 since stands in the audit; how it/,
    );
    expect(describeUnread('host-1', true, BEFORE)).toMatch(
      /^Before it was begun host-1 was on 8\.0\.2 build 1, not in/,
    );
  });

  it('brings what was done since the last look, and that the rest is not known', async () => {
    const known = new LastKnown('host-1', BEFORE);
    await known.during('entering maintenance mode', 'it entered maintenance mode', () => Promise.resolve(undefined));
    const failing = known.during('its remediation', 'vLCM remediated it', () => Promise.reject(new Error('lost')));
    await expect(failing).rejects.toThrow('lost');
    const told = String(withLastKnown(fail('VTA_CREDENTIALS_REJECTED', 'The login failed.'), () => known.describe()));
    expect(told).toMatch(
      /The login failed\. As last read .* 8\.0\.2 build 1, not in maintenance mode .*Since then it entered maintenance mode .*set about its remediation at .*is not known\.$/,
    );
    const says = fail('VTA_HOST_NOT_BACK', 'It is notResponding.');
    expect(withLastKnown(says, () => known.describe())).toBe(says);
  });
});
