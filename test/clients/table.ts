/**
 * The answers of two runtimes side by side, and what they come to.
 */
import { addCounts, type Counts, noCounts } from '../vm/counts.ts';
import { lastCase, type Report } from './report.ts';

export interface Row {
  readonly name: string;
  readonly runt: Report;
  readonly runc: Report;
}

/** What a row comes to. A case that fails with runc, too, says nothing of runt: it is the ground's fault. But all is to be ended, always. */
export function outcomeOf({ name, runt, runc }: Row): 'passed' | 'failed' | 'skipped' | 'ground' {
  if (runt.outcome === 'broken' || runc.outcome === 'broken') return 'failed';
  if (runt.outcome !== 'failed') return runt.outcome;
  return runc.outcome === 'failed' && name !== lastCase ? 'ground' : 'failed';
}

const counts: Readonly<Record<ReturnType<typeof outcomeOf>, Counts>> = {
  passed: { ...noCounts, passed: 1 },
  failed: { ...noCounts, failed: 1 },
  skipped: { ...noCounts, skipped: 1 },
  ground: { ...noCounts, skipped: 1 },
};

export const countRows = (rows: readonly Row[]): Counts =>
  rows.reduce((sum, row) => addCounts(sum, counts[outcomeOf(row)]), noCounts);

/** Lines: a row for each case, and below it why it did not pass. */
export function tableOf(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(({ name }) => name.length), 4) + 2;
  const line = (name: string, ...cells: readonly string[]): string =>
    `  ${name.padEnd(width)}${cells.map((cell) => cell.padEnd(16)).join('')}`.trimEnd();
  return [
    line('case', 'runt', 'runc'),
    ...rows.flatMap((row) => [line(row.name, cellOf(row.runt), cellOf(row.runc)), ...reasons(row)]),
  ];
}

const cellOf = ({ outcome, seconds }: Report): string => `${outcome} ${seconds.toFixed(1)} s`;

function reasons(row: Row): string[] {
  const { runt, runc } = row;
  const lines = (who: string, { reason = '' }: Report): string[] =>
    reason.split('\n').map((text, at) => `      ${at === 0 ? `${who}: ` : '  '}${text}`);
  switch (outcomeOf(row)) {
    case 'passed':
      return runc.outcome === 'failed' ? lines('only runc fails', runc) : [];
    case 'failed':
      return [
        ...(runt.outcome === 'passed' ? [] : lines('runt', runt)),
        ...(runc.outcome === 'broken' ? lines('runc', runc) : []),
      ];
    case 'skipped':
      return lines('skipped', runt);
    case 'ground':
      return [...lines("the ground's fault, runt", runt), ...lines('and runc', runc)];
  }
}
