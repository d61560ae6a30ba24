/**
 * A container's limits: set when it is made, and exchanged for others while it runs.
 */
import { RuntError } from '../../base/errors.ts';
import type { Resources } from '../../bundle/config.ts';
import type { CgroupPlacement } from '../plan/placement.ts';
import { withSystemdsQuota } from '../plan/limits/cpu.ts';
import { isLate, planLimits, type PlannedGroup } from '../plan/plan-limits.ts';
import { refuseBelowUsage } from './check-usage.ts';
import { enableControllers } from './controllers.ts';
import { type Undo, writeLimits } from './write-limits.ts';

/** `before` the container's own processes, or at its last gate: see `isLate`. */
export type LimitStage = 'before' | 'last';

export function setLimits(
  placement: CgroupPlacement,
  resources: Resources,
  stage: LimitStage,
): void {
  const groups = planLimits(asWritten(placement, resources), placement)
    .map((group) => group.filter((write) => isLate(write) === (stage === 'last')))
    .filter((group) => group.length > 0);
  if (groups.length === 0) return;
  passOnControllers(placement, groups);
  if (resources.memory?.checkBeforeUpdate) refuseBelowUsage(placement, resources);
  writeLimits(groups);
}

/** systemd rounds a quota, and two values in turns are none. */
const asWritten = ({ unit }: CgroupPlacement, resources: Resources): Resources =>
  unit ? withSystemdsQuota(resources) : resources;

/** Before anything is changed: systemd would set a limit that ends the container. */
export function refuseUsed(placement: CgroupPlacement, { after }: LimitChange): void {
  if (after.memory?.checkBeforeUpdate) refuseBelowUsage(placement, after);
}

/** The hybrid layout's v2 tree serves for membership; a controller is only passed on in it for who has a limit of it. */
function passOnControllers({ mode }: CgroupPlacement, groups: readonly PlannedGroup[]): void {
  if (mode !== 'hybrid') return;
  const unified = groups.flat().find(({ directory }) => directory.version === 2)?.directory;
  if (unified) enableControllers(unified);
}

export interface LimitChange {
  readonly before: Resources;
  readonly after: Resources;
  /** What the caller named, whether it is new or not. */
  readonly asked: Resources;
}

/**
 * Writes what is asked for and what follows from it; the rest stays as it is, even where somebody else changed it. When a
 * part fails, everything is put back.
 */
export function changeLimits(placement: CgroupPlacement, change: LimitChange): void {
  const groups = changedGroups(placement, change);
  passOnControllers(placement, groups);
  if (!placement.unit) refuseUsed(placement, change);
  const undos: Undo[] = [];
  try {
    writeLimits(groups, (undo) => undos.push(undo));
  } catch (error) {
    putBack(undos, error);
    throw error;
  }
}

function changedGroups(
  placement: CgroupPlacement,
  { before, after, asked }: LimitChange,
): readonly PlannedGroup[] {
  // systemd writes what it knows of each time, and with it goes what hangs on that
  if (placement.unit) return planLimits(asWritten(placement, after), placement);
  const keyOf = ({ property, file, value }: PlannedGroup[number]) =>
    `${property}\n${file}\n${value}`;
  const held = new Set(planLimits(before, placement).flat().map(keyOf));
  const named = new Set(
    planLimits(asked, placement)
      .flat()
      .map(({ property }) => property),
  );
  return planLimits(after, placement)
    .map((group) => group.filter((write) => named.has(write.property) || !held.has(keyOf(write))))
    .filter((group) => group.length > 0);
}

/** As with the way there, one may have to wait for another: what fails is tried once more. */
function putBack(undos: readonly Undo[], first: unknown): void {
  const failed = undos.toReversed().filter((undo) => !tries(undo));
  for (const undo of failed) {
    try {
      undo();
    } catch (failure) {
      if (first instanceof RuntError && failure instanceof Error) first.cleanup.push(failure);
    }
  }
}

function tries(undo: Undo): boolean {
  try {
    undo();
    return true;
  } catch {
    return false;
  }
}
