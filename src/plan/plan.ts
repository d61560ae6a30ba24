/**
 * What a plan is: an ordered list of steps for runt-init, and what the runtime does at the gates between them.
 *
 * A step is an operation and where it comes from, so that a failure {step, errno} can be told in the words of the
 * user's config. Plans are frozen data: no handle, no closure, no clock.
 */
import { RuntError } from '../base/errors.ts';
import type { IdMapping, NamespaceType } from '../bundle/config.ts';
import { emptySlot } from './flags.ts';
import type { Op, Slot } from './generated/ops.ts';

export interface Step {
  readonly op: Op;
  /** Place in the config, such as `mounts[3]`; empty where the specification itself asks for the step. */
  readonly origin: string;
  /** Verb and object, such as `mount tmpfs on /run/lock`: what cannot be done when it fails. */
  readonly doing: string;
  /** Errnos that do not end the plan. */
  readonly tolerate: readonly ToleratedErrno[];
  /** A tolerated failure is a warning for the user. */
  readonly warn: boolean;
  /** What an errno means here, in place of the kernel's general words. */
  readonly explain: Readonly<Partial<Record<string, string>>>;
}

export type ToleratedErrno = 'EPERM' | 'ENOENT' | 'EACCES' | 'EBUSY' | 'EINVAL' | 'ENOSYS' | 'any';

/**
 * The places where runt-init waits for the runtime. They are reached in the order placed, mapped, owners (once for each
 * mount that needs it), hooks, ready, start.
 */
export const gates = { mapped: 1, hooks: 2, ready: 3, start: 4, placed: 5, owners: 6 } as const;
export type Gate = keyof typeof gates;

/** What the runtime does while runt-init waits at a gate. */
export type HostAction =
  /** systemd makes the container's unit around this process. */
  | { readonly kind: 'startUnit' }
  | { readonly kind: 'joinUnit' }
  | {
      readonly kind: 'writeIdMaps';
      readonly uid: readonly IdMapping[];
      readonly gid: readonly IdMapping[];
    }
  /** Of the mount that was handed over last, which only the host's root may do. */
  | { readonly kind: 'mapOwners' }
  | { readonly kind: 'runHooks'; readonly stage: 'prestart' | 'createRuntime' }
  | {
      readonly kind: 'limit';
      readonly resource: string;
      readonly soft: number;
      readonly hard: number;
    }
  | {
      readonly kind: 'moveInterface';
      readonly from: string;
      /** The name it gets; the kernel fills in a `%d`. */
      readonly to: string;
      readonly origin: string;
    }
  /** Groups of the resctrl file system. */
  | { readonly kind: 'assignResctrl'; readonly groups: readonly string[] }
  | { readonly kind: 'record' };

export interface Plan {
  /** CLONE_NEW… of the first clone; what needs id maps or a namespace to be joined first is made by a `fork` step. */
  readonly namespaces: number;
  /** Whether a `fork` step hands the plan to a second process. */
  readonly forks: boolean;
  /** Slots that the runtime fills before the first step. */
  readonly handed: readonly HandedSlot[];
  readonly preserveFds: number;
  readonly steps: readonly Step[];
  readonly atGate: Readonly<Partial<Record<Gate, readonly HostAction[]>>>;
}

/** The timeline is the last, in a plan that is traced. */
export type HandedSlot =
  | 'startListener'
  | 'targetPidfd'
  | `namespace:${NamespaceType}`
  | 'timeline';

export interface StepNotes {
  readonly origin?: string;
  readonly tolerate?: readonly ToleratedErrno[];
  readonly warn?: boolean;
  readonly explain?: Readonly<Partial<Record<string, string>>>;
}

/** A plan in the making: chapters add their steps and take slots. */
export interface Draft {
  readonly steps: Step[];
  add(doing: string, op: Op, notes?: StepNotes): void;
  takeSlot(): Slot;
  /** Closes what the slots hold and lets them be taken again. */
  release(...slots: readonly Slot[]): void;
}

// a plan has hundreds of steps, and most have no notes
const none: Step['tolerate'] = [];
const noWords: Step['explain'] = {};

const noteOf = (doing: string, op: Op): Step => ({
  op,
  doing,
  origin: '',
  tolerate: none,
  warn: false,
  explain: noWords,
});

/** Adds steps to a traced plan, each with a stamp behind it, as long as that is sure to be allowed. */
function stamping(steps: Step[]): (step: Step) => void {
  const stamp = noteOf('note the time', { kind: 'stamp' });
  let open = true;
  return (step) => {
    steps.push(step);
    // the clock may be a system call, and a filter may forbid it
    open &&= step.op.kind !== 'seccomp' && step.op.kind !== 'exec';
    if (open) steps.push(stamp);
  };
}

export function startDraft(handed: readonly HandedSlot[]): Draft {
  const steps: Step[] = [];
  const free: Slot[] = [];
  let next = handed.length;
  const memory = handed.indexOf('timeline');
  if (memory >= 0) steps.push(noteOf('open the timeline', { kind: 'timeline', memory }));
  const push = memory < 0 ? (step: Step) => void steps.push(step) : stamping(steps);
  const add: Draft['add'] = (doing, op, notes) => {
    const step =
      notes === undefined
        ? { op, doing, origin: '', tolerate: none, warn: false, explain: noWords }
        : {
            op,
            doing,
            origin: notes.origin ?? '',
            tolerate: notes.tolerate ?? none,
            warn: notes.warn ?? false,
            explain: notes.explain ?? noWords,
          };
    push(step);
  };
  return {
    steps,
    add,
    takeSlot() {
      const slot = free.pop() ?? next++;
      if (slot >= emptySlot)
        throw new RuntError('busy', {
          what: `a container can open ${emptySlot} things at once, and this one asks for more`,
        });
      return slot;
    },
    release: (...slots) => {
      for (const slot of slots) {
        add('close a descriptor', { kind: 'closeSlot', slot });
        free.push(slot);
      }
    },
  };
}
