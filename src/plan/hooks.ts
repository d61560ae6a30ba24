/**
 * Hooks as operations. The same operation runs those of the container's namespaces, inside the container's plan,
 * and those of the runtime's, in a small plan of their own.
 */
import type { Hook, HookStage } from '../bundle/config.ts';
import type { CallerTraits, HookState } from './input.ts';
import { type Draft, type Plan, startDraft } from './plan.ts';
import { resourceNumber } from './flags.ts';

export function addHooks(
  draft: Draft,
  stage: HookStage,
  hooks: readonly Hook[],
  state: HookState,
  inherited: readonly string[],
): void {
  for (const [index, hook] of hooks.entries()) {
    draft.add(
      `run the ${stage} hook ${hook.path}`,
      {
        kind: 'runHook',
        stage,
        path: hook.path,
        argv: hook.args && hook.args.length > 0 ? hook.args : [hook.path],
        env: hook.env ?? inherited,
        timeout: (hook.timeout ?? 0) * 1000,
        before: state.before,
        after: state.after,
      },
      { origin: `hooks.${stage}[${index}]` },
    );
  }
}

/** A container's hook must find the limits of the caller, not those of the engine. */
export function addCallerLimits(draft: Draft, caller: CallerTraits): void {
  draft.add(
    'give hooks the limit on open files that the caller had',
    {
      kind: 'resourceLimit',
      resource: resourceNumber['RLIMIT_NOFILE'] ?? 7,
      soft: limitBits(caller.nofile.soft),
      hard: limitBits(caller.nofile.hard),
    },
    { tolerate: ['EPERM'] },
  );
}

/** RLIM_INFINITY is all bits; JSON's numbers cannot name it exactly, so what is near it is meant to be it. */
export const limitBits = (limit: number): bigint =>
  limit >= 2 ** 63 ? 0xffff_ffff_ffff_ffffn : BigInt(limit);

export interface HostHooksInput {
  readonly stage: HookStage;
  readonly hooks: readonly Hook[];
  /** The whole state, pid included. */
  readonly state: string;
  readonly environment: readonly string[];
  readonly caller: CallerTraits;
}

/** prestart, createRuntime, poststart and poststop run in the runtime's namespaces: nothing is made or joined. */
export function planHostHooks(input: HostHooksInput): Plan {
  const draft = startDraft([]);
  draft.add('end with the runtime', { kind: 'deathSignal', signal: 9 });
  addCallerLimits(draft, input.caller);
  draft.add('restore the mask', { kind: 'umask', mask: input.caller.umask });
  const state: HookState = { before: input.state, after: '' };
  addHooks(draft, input.stage, input.hooks, state, input.environment);
  return {
    namespaces: 0,
    forks: false,
    handed: [],
    preserveFds: 0,
    steps: draft.steps,
    atGate: {},
  };
}
