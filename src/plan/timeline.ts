/**
 * The steps of a traced plan whose ends are noted: behind each stands a stamp. Other plans have none of it, so tracing
 * costs nothing where nobody asks for it.
 */
import type { TimedStep } from '../base/trace.ts';
import type { Step } from './plan.ts';

/** In the order of the stamps; numbers are those of the same plan without stamps. */
export function timedSteps(steps: readonly Step[]): readonly TimedStep[] {
  const timed: TimedStep[] = [];
  let number = -1;
  for (const [index, step] of steps.entries()) {
    const { op, doing, origin } = step;
    if (op.kind === 'stamp' || op.kind === 'timeline') continue;
    number += 1;
    if (steps[index + 1]?.op.kind !== 'stamp') continue;
    timed.push({ step: number, operation: op.kind, doing, origin });
  }
  return timed;
}
