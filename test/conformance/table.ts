/**
 * The results of all runtimes side by side: as text for people, and as the tables of docs/conformance.md.
 */
import { basename } from 'node:path';
import type { Case } from './case.ts';
import type { Chapter } from './cases/index.ts';
import { reasonOf } from './families.ts';
import type { Result } from './harness.ts';

/** Results by case, then by runtime. */
export type Results = ReadonlyMap<Case, ReadonlyMap<string, Result>>;

const marks: Readonly<Record<Result['is'], string>> = {
  pass: 'yes',
  fail: '**no**',
  skip: '–',
};

export function peerOf(runtime: string): 'runc' | 'crun' | undefined {
  const name = basename(runtime);
  return name.startsWith('runc') ? 'runc' : name.startsWith('crun') ? 'crun' : undefined;
}

/** Why a runtime did not pass: the sentence beside the case, or what was seen when nobody has written one. */
function explained(one: Case, runtime: string, result: Result): string | undefined {
  if (result.is === 'pass' || result.is === 'skip') return undefined;
  const peer = peerOf(runtime);
  const sentence = peer === undefined ? undefined : reasonOf(one, peer);
  return `${basename(runtime)}: ${sentence ?? `? ${result.why}`}`;
}

function remarks(one: Case, results: ReadonlyMap<string, Result>): string {
  const skips = [...results.values()].flatMap((result) =>
    result.is === 'skip' && !one.own ? [`not run: ${result.why}`] : [],
  );
  const reasons = [...results].flatMap(
    ([runtime, result]) => explained(one, runtime, result) ?? [],
  );
  return [...new Set(skips), ...reasons].join('; ').replaceAll('|', '\\|');
}

export function chapterTable(
  chapter: Chapter,
  results: Results,
  runtimes: readonly string[],
): string {
  const names = runtimes.map((runtime) => basename(runtime));
  const lines = chapter.cases.map((one) => {
    const of = results.get(one) ?? new Map<string, Result>();
    const cells = runtimes.map((runtime) => marks[of.get(runtime)?.is ?? 'skip']);
    return `| ${[`${one.section} ${one.level}`, one.says, ...cells, remarks(one, of)].join(' | ')} |`;
  });
  return [
    `### ${chapter.title}`,
    '',
    `| section | requirement | ${names.join(' | ')} | remarks |`,
    `| --- | --- |${' --- |'.repeat(names.length + 1)}`,
    ...lines,
  ].join('\n');
}

export interface Total {
  readonly runtime: string;
  readonly level: string;
  readonly asked: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function totalsOf(results: Results, runtimes: readonly string[]): Total[] {
  return ['MUST', 'SHOULD', 'MAY'].flatMap((level) =>
    runtimes.map((runtime) => {
      const found = [...results].flatMap(([one, of]) =>
        one.level === level ? [of.get(runtime)?.is ?? 'skip'] : [],
      );
      const count = (is: Result['is']): number => found.filter((each) => each === is).length;
      return {
        runtime: basename(runtime),
        level,
        asked: found.length - count('skip'),
        passed: count('pass'),
        failed: count('fail'),
        skipped: count('skip'),
      };
    }),
  );
}

export function totalsTable(totals: readonly Total[]): string {
  return [
    '| level | runtime | asked | passed | failed | not run |',
    '| --- | --- | --- | --- | --- | --- |',
    ...totals.map(
      ({ level, runtime, asked, passed, failed, skipped }) =>
        `| ${[level, runtime, asked, passed, failed, skipped].join(' | ')} |`,
    ),
  ].join('\n');
}
