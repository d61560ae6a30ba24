/**
 * A profile of the config as what a filter is made of: numbers for the kernel's actions, one rule for each system
 * call's name. System calls stay names, for their numbers are libseccomp's business.
 *
 * As runc has it: a rule whose action is the default one says nothing and is left out, and comparisons of which two
 * look at the same argument become alternatives, a rule each.
 */
import type { Seccomp, SyscallArg, SyscallRule } from '../bundle/config.ts';
import { type ArchitectureName, architecturesOf } from './architecture.ts';
import type { ExactArg, ExactProfile } from './exact-values.ts';

/** struct scmp_arg_cmp; for SCMP_CMP_MASKED_EQ `a` is the mask. */
export interface Comparison {
  readonly index: number;
  readonly operator: number;
  readonly a: bigint;
  readonly b: bigint;
}

export interface RecipeRule {
  /** Of the rule in the config. */
  readonly place: number;
  readonly name: string;
  readonly action: number;
  /** All of them must hold; none for every call. */
  readonly comparisons: readonly Comparison[];
}

export interface Recipe {
  readonly defaultAction: number;
  readonly architectures: readonly ArchitectureName[];
  readonly rules: readonly RecipeRule[];
  /** Every name of the profile, those of rules that say nothing too. */
  readonly names: readonly string[];
  /** System calls beyond the newest of `names` do not exist, rather than being denied. */
  readonly hidesUnknown: boolean;
  /** Worth libseccomp's binary tree: a search in place of a walk. */
  readonly binaryTree: boolean;
}

export type Action = SyscallRule['action'];

/** include/uapi/linux/seccomp.h, SECCOMP_RET_*; the low half is for an error number or a message. */
const actions: Readonly<Record<Action, number>> = {
  SCMP_ACT_KILL: 0,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_TRAP: 0x0003_0000,
  SCMP_ACT_ERRNO: 0x0005_0000,
  SCMP_ACT_NOTIFY: 0x7fc0_0000,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_ALLOW: 0x7fff_0000,
};

export const actionNames: readonly string[] = Object.keys(actions);

/** enum scmp_compare */
const operators: Readonly<Record<SyscallArg['op'], number>> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

export const operatorNames: readonly string[] = Object.keys(operators);

const eperm = 1;
const enosys = 38;
/** Below it libseccomp's list is as fast as its tree; without any rule its tree is wrong. */
const longList = 32;

export function actionNumber(action: Action, errno: number = eperm): number {
  const takesNumber = action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE';
  return takesNumber ? actions[action] + (errno & 0xffff) : actions[action];
}

export function recipeOf(profile: ExactProfile, native: ArchitectureName): Recipe {
  const defaultAction = actionNumber(profile.defaultAction, profile.defaultErrnoRet);
  const syscalls = profile.syscalls ?? [];
  const rules = syscalls.flatMap((rule, place) => {
    const action = actionNumber(rule.action, rule.errnoRet);
    if (action === defaultAction) return [];
    const alternatives = alternativesOf(rule.args ?? []);
    return rule.names.flatMap((name) =>
      alternatives.map((comparisons) => ({ place, name, action, comparisons })),
    );
  });
  return {
    defaultAction,
    architectures: architecturesOf(profile, native),
    rules,
    names: [...new Set(syscalls.flatMap(({ names }) => names))],
    hidesUnknown: hidesUnknown(profile),
    binaryTree: rules.length > longList,
  };
}

function alternativesOf(args: readonly ExactArg[]): (readonly Comparison[])[] {
  const comparisons = args.map(comparisonOf);
  const indexes = new Set(comparisons.map(({ index }) => index));
  return indexes.size < comparisons.length ? comparisons.map((one) => [one]) : [comparisons];
}

const comparisonOf = ({ index, op, value, valueTwo = 0 }: ExactArg): Comparison => ({
  index,
  operator: operators[op],
  a: BigInt(value),
  b: BigInt(valueTwo),
});

/**
 * A program asks for a new system call and falls back to an old one at ENOSYS; with another answer it gives up. So a
 * call that the profile's author could not know of must look as it does on an old kernel. Not where the default lets
 * calls through (a tracer answers for itself), and there is nothing to do where it says ENOSYS already.
 */
function hidesUnknown({
  defaultAction,
  defaultErrnoRet,
}: Pick<Seccomp, 'defaultAction' | 'defaultErrnoRet'>): boolean {
  switch (defaultAction) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
    case 'SCMP_ACT_TRACE':
      return false;
    case 'SCMP_ACT_ERRNO':
      return defaultErrnoRet !== enosys;
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_PROCESS':
    case 'SCMP_ACT_KILL_THREAD':
    case 'SCMP_ACT_NOTIFY':
    case 'SCMP_ACT_TRAP':
      return true;
  }
}
