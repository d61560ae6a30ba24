/**
 * What the runtime does while runt-init waits at a gate: the host's side of a plan.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import type { RunningInit } from '../kernel/conversation.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { resourceNumber } from '../plan/flags.ts';
import { limitBits } from '../plan/hooks.ts';
import { noIdmap } from '../plan/idmap.ts';
import { originOf } from '../plan/bind-source.ts';
import type { HostAction } from '../plan/plan.ts';
import type { IdMaps } from './id-maps.ts';

export interface GateHands {
  readonly kernel: Kernel;
  readonly startUnit: (init: RunningInit) => Promise<void>;
  readonly joinUnit: (init: RunningInit) => Promise<void>;
  readonly mapIds: (maps: IdMaps, init: RunningInit) => Promise<void>;
  readonly runHooks: (stage: 'prestart' | 'createRuntime', init: RunningInit) => Promise<void>;
  readonly moveInterface: (
    action: Extract<HostAction, { kind: 'moveInterface' }>,
    init: RunningInit,
  ) => void;
  readonly assignResctrl: (groups: readonly string[]) => Promise<void>;
  readonly record: (init: RunningInit) => Promise<void>;
}

export async function act(
  hands: GateHands,
  actions: readonly HostAction[],
  init: RunningInit,
): Promise<void> {
  for (const action of actions) {
    switch (action.kind) {
      case 'startUnit':
        await hands.startUnit(init);
        break;
      case 'joinUnit':
        await hands.joinUnit(init);
        break;
      case 'writeIdMaps':
        await hands.mapIds(action, init);
        break;
      case 'mapOwners':
        mapOwners(hands.kernel, init);
        break;
      case 'limit':
        setLimit(hands.kernel, init.pid, action);
        break;
      case 'runHooks':
        await hands.runHooks(action.stage, init);
        break;
      case 'moveInterface':
        hands.moveInterface(action, init);
        break;
      case 'assignResctrl':
        await hands.assignResctrl(action.groups);
        break;
      case 'record':
        await hands.record(init);
        break;
    }
  }
}

/** The descriptors are ours to close; runt-init has its own, of the same mount. */
function mapOwners(kernel: Kernel, init: RunningInit): void {
  const { mount, mapping } = init;
  if (mount === undefined || mapping === undefined) return;
  const doing = 'map the owners in the mount';
  try {
    kernel.mapOwners(mount.descriptor, mapping, mount.recursive, doing);
  } catch (cause) {
    const errno = isRuntError(cause, 'system-call') ? cause.facts.errno : 'EIO';
    const detail = errno === 'EINVAL' ? noIdmap : '';
    const origin = originOf(mount.index);
    throw new RuntError('step-failed', { origin, doing, errno, detail, step: 0 }, { cause });
  } finally {
    kernel.close(mount.descriptor);
    kernel.close(mapping);
    delete init.mount;
    delete init.mapping;
  }
}

function setLimit(
  kernel: Kernel,
  pid: number,
  { resource, soft, hard }: Extract<HostAction, { kind: 'limit' }>,
): void {
  const number = resourceNumber[resource];
  if (number === undefined)
    throw new RuntError('not-supported', { property: `process.rlimits: ${resource}` });
  kernel.limit(pid, number, limitBits(soft), limitBits(hard), `set ${resource}`);
}
