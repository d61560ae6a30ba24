/**
 * The last line of a test run, alone and plain, for programs that read it: `12 passed, 0 failed, 1 skipped`.
 */
import type { Reporter, TestModule } from 'vitest/node';

export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      // a file that could not be loaded has no tests, and has failed all the same
      if (module.state() === 'failed' && module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) count[test.result().state]++;
    }
    // a test that was never run has not passed
    const failed = count.failed + count.pending;
    const line = `${count.passed} passed, ${failed} failed, ${count.skipped} skipped\n`;
    // after what other reporters still have to write
    process.once('exit', () => process.stdout.write(line));
  }
}
