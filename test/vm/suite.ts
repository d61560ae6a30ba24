/**
 * Which tests a machine runs, and what they have to know of it.
 */
import type { Machine } from './machines.ts';

/** What a kernel can decide. The rest is the same on every machine. */
const suites = [
  'test/vm',
  'test/conformance',
  'test/e2e',
  'test/security',
  'test/cgroup/apply',
  'test/intel-rdt/apply',
  'test/kernel',
  'test/runtime',
  'test/seccomp/apply',
];

/** Words that are only options leave the choice of tests as it is. */
export function testCommand(words: readonly string[]): string {
  const chosen = words.some((word) => !word.startsWith('-')) ? words : [...suites, ...words];
  const quoted = chosen.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  return `exec node node_modules/vitest/vitest.mjs run ${quoted.join(' ')}`;
}

export const testEnvironment = (machine: Machine): Record<string, string> => ({
  RUNT_VM: machine.name,
  MUST_RUN_E2E: '1',
  NO_COLOR: '1',
  // an emulated processor is slow; the second way to run the same code would double it all
  RUNT_TEST_RUNTIMES: 'executable',
  RUNT_TEST_PATIENCE: '5',
});
