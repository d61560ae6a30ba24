/**
 * A host's facts become a report: every check, in the order in which it is read, and whether containers can run.
 *
 * In:  facts. Out: data. Touches nothing.
 */
import { judgeCgroups } from './cgroups.ts';
import type { Check } from './check.ts';
import { judgeClients } from './clients.ts';
import { judgeExtras } from './extras.ts';
import type { HostFacts } from './facts.ts';
import { judgeKernel } from './kernel.ts';
import { judgeRights } from './rights.ts';
import { judgeSecurity } from './security.ts';
import { judgeStateFolder } from './state-folder.ts';

export interface DoctorReport {
  /** No check says `fail`. */
  readonly containersRun: boolean;
  readonly checks: readonly Check[];
  /** What the checks were made from. */
  readonly facts: HostFacts;
}

const chapters = [
  judgeKernel,
  judgeRights,
  judgeCgroups,
  judgeSecurity,
  judgeStateFolder,
  judgeExtras,
  judgeClients,
];

export function judge(facts: HostFacts): DoctorReport {
  const checks = chapters.flatMap((chapter) => chapter(facts));
  return {
    containersRun: checks.every(({ verdict }) => verdict !== 'fail'),
    checks,
    facts,
  };
}
