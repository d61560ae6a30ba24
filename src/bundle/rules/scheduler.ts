/**
 * A scheduling policy takes only its own parameters.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process, Scheduler } from '../config.ts';
import { below, finding } from '../finding.ts';

const deadlineOnly = ['runtime', 'deadline', 'period'] as const;

export function scheduler({ scheduler: chosen }: Process, at: string): Finding[] {
  if (chosen === undefined) return [];
  const fault = (name: keyof Scheduler, allowed: string): Finding =>
    finding({
      code: 'scheduler',
      pointer: below(at, 'scheduler', name),
      value: chosen[name],
      allowed,
      section: 'config.md#linux-process',
    });
  const { policy, nice = 0, priority = 0 } = chosen;
  const findings: Finding[] = [];
  const timeSharing = policy === 'SCHED_OTHER' || policy === 'SCHED_BATCH';
  if (timeSharing && (nice < -20 || nice > 19)) {
    findings.push(
      fault('nice', `-20 to 19: invalid scheduler.nice when scheduler.policy is ${policy}`),
    );
  }
  if (priority !== 0 && policy !== 'SCHED_FIFO' && policy !== 'SCHED_RR') {
    const allowed = 'scheduler.priority can only be specified for SchedFIFO or SchedRR policy';
    findings.push(fault('priority', allowed));
  }
  if (policy !== 'SCHED_DEADLINE') {
    const allowed =
      'scheduler runtime/deadline/period can only be specified for SchedDeadline policy';
    const used = deadlineOnly.filter((name) => (chosen[name] ?? 0) !== 0);
    findings.push(...used.map((name) => fault(name, allowed)));
  }
  return findings;
}
