/** What two runtimes' answers come to: a failure must not hide behind the control's. */
import { describe, expect, it } from 'vitest';
import { lastCase, type Report } from './report.ts';
import { countRows, outcomeOf, tableOf } from './table.ts';

const report = (outcome: Report['outcome']): Report => ({
  name: 'a case',
  outcome,
  reason: `why ${outcome}`,
  seconds: 1,
});
const row = (runt: Report['outcome'], runc: Report['outcome']) => ({
  name: 'a case',
  runt: report(runt),
  runc: report(runc),
});

describe('a row of two answers', () => {
  it.each([
    ['passed', 'passed', 'passed'],
    ['passed', 'failed', 'passed'],
    ['failed', 'passed', 'failed'],
    ['failed', 'skipped', 'failed'],
    ['failed', 'failed', 'ground'],
    ['skipped', 'skipped', 'skipped'],
    ['broken', 'broken', 'failed'],
    ['passed', 'broken', 'failed'],
  ] as const)('%s and %s with runc: %s', (runt, runc, outcome) => {
    expect(outcomeOf(row(runt, runc))).toBe(outcome);
  });

  it('is a failure when something is left, with whatever runtime', () => {
    expect(outcomeOf({ ...row('failed', 'failed'), name: lastCase })).toBe('failed');
  });

  it("counts the ground's fault as skipped, and shows both reasons", () => {
    const rows = [row('failed', 'failed'), row('passed', 'passed')];
    expect(countRows(rows)).toEqual({ passed: 1, failed: 0, skipped: 1 });
    const text = tableOf(rows).join('\n');
    expect(text).toContain("the ground's fault, runt: why failed");
    expect(text).toContain('and runc: why failed');
  });
});
