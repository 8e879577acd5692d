import { writeFileSync } from 'node:fs';

/** Counts for the last line of `npm test`, written to the file that TALLY_FILE names. */
export default class TallyReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [], secondTry: [] };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (test.diagnostic()?.flaky) tally.secondTry.push(secondTry(module, test));
        if (state === 'passed') tally.passed++;
        else if (state === 'failed') tally.failed++;
        else tally.skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
      }
      // A file that cannot be loaded, or a hook outside the tests that fails, has no failed test of its own.
      tally.failed += module.errors().length;
      for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
    }
    if (process.env.TALLY_FILE) writeFileSync(process.env.TALLY_FILE, JSON.stringify(tally));
  }
}

/** With what the first try failed with. */
function secondTry(module, test) {
  const [first] = test.result().errors ?? [];
  return `${module.relativeModuleId}: ${test.fullName}: ${first?.message ?? 'no error was reported'}`;
}
