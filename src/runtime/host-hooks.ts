/**
 * Hooks that run in the runtime's own namespaces: prestart, createRuntime, poststart, poststop.
 *
 * They go the way of everything else: a small plan for runt-init, which has no engine's traits to hide.
 */
import { during } from '../base/trace.ts';
import type { Config, Hook, HookStage } from '../bundle/config.ts';
import { abandon, failureOf, labelsOf } from '../kernel/conversation.ts';
import { encodePlan } from '../plan/encode.ts';
import { planHostHooks } from '../plan/hooks.ts';
import { type HookSubject, hookStateText } from './hook-state.ts';
import type { Ports } from './ports.ts';

export interface HookRun {
  readonly stage: HookStage;
  readonly hooks: Config['hooks'];
  readonly subject: HookSubject;
  readonly status: string;
  readonly pid: number;
}

type HookPorts = Pick<Ports, 'kernel' | 'caller' | 'trace'>;

export async function runHostHooks(ports: HookPorts, run: HookRun): Promise<void> {
  const hooks = run.hooks?.[run.stage] ?? [];
  if (hooks.length === 0) return;
  await during(ports.trace, `hooks ${run.stage}`, () => runEach(ports, run, hooks));
}

async function runEach(
  { kernel, caller }: HookPorts,
  run: HookRun,
  hooks: readonly Hook[],
): Promise<void> {
  const plan = planHostHooks({
    stage: run.stage,
    hooks,
    state: hookStateText(run.subject, run.status, run.pid),
    environment: Object.entries(caller.env).map(([name, value]) => `${name}=${value}`),
    caller: caller.traits,
  });
  const process = kernel.spawn({
    image: encodePlan(plan.steps),
    namespaces: 0,
    slots: [],
    preserveFds: 0,
  });
  try {
    for (;;) {
      const packet = await kernel.receive(process.channel);
      if (packet === null) return;
      // a tolerated step has nothing to say here
      if (packet.kind !== 6) throw failureOf(packet, labelsOf(plan));
    }
  } finally {
    await abandon(kernel, process);
  }
}
