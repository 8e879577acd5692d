import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than half a minute, the slowest first: one that came last would run alone. */
const SLOWEST = [
  'workflows/failure-classes',
  'workflows/vcenter-failure-classes',
  'crash/worker-kills',
  'crash/random-orders',
  'crash/failed-host',
  'workflows/interrupted-recovery',
  'workflows/recovery',
  'workflows/site-hooks',
  'workflows/recovery-gates',
  'cli/demo-failed-host',
  'workflows/trusted-host-recovery',
  'package/plugin',
  'workflows/four-phases',
  'crash/server-kills',
  'year/late-begin',
  'workflows/base-image-removal',
  'workflows/least-privileges',
  'crash/graceful-stop',
  'workflows/ledger',
  'ui/web-ui',
  'workflows/failure-budget',
  'workflows/maintenance-window',
  'workflows/quick-boot',
  'workflows/skip',
  'workflows/one-run',
  'conformance/conformance',
].map((name) => `/test/${name}.test.ts`);

/** Order of the test files. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = SLOWEST.findIndex((name) => moduleId.endsWith(name));
  return at === -1 ? SLOWEST.length : at;
}
