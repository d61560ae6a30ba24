/**
 * The plan of a further process in a running container: join its namespaces through its init's pidfd, then the same
 * last chapter as the init's own.
 */
import { addCgroupJoins, becomeNamespaceRoot, inJoinOrder, namespacesOf } from './namespaces.ts';
import { cloneFlag, openFlag, sigkill } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { ExecInput } from './input.ts';
import { type Draft, gates, type HandedSlot, type Plan, startDraft } from './plan.ts';
import {
  addExec,
  addIdentity,
  addLastTouches,
  addLimits,
  addStandardStreams,
  limitActions,
  userOf,
} from './process.ts';
import { openTerminal } from './terminal.ts';
import type { NamespaceType, Process } from '../bundle/config.ts';
import { addLabels, wantsLabels } from './labels.ts';
import { openHostProc } from './host-proc.ts';
import { addOomScore } from './proc-writes.ts';
import { addAffinity, addEveryCpu, addScheduling } from './scheduling.ts';

const targetPidfd: Slot = 0;

export function planExec(input: ExecInput): Plan {
  const { config, process } = input;
  const types = namespacesOf(config).map((ns) => ns.type);
  const handed = handedTo(input, types);
  const draft = startDraft(handed);
  draft.add('end with the runtime', { kind: 'deathSignal', signal: sigkill });
  if (input.waitsForUnit)
    draft.add('wait at the gate "placed"', { kind: 'gate', gate: gates.placed });
  const affinity = process.execCPUAffinity;
  if (affinity?.initial) addAffinity(draft, affinity.initial, 'initial');
  addCgroupJoins(draft, input.cgroupFiles);
  if (affinity?.final) addAffinity(draft, affinity.final, 'final');
  else addEveryCpu(draft);
  const proc = wantsProc(process) ? openHostProc(draft) : undefined;
  const root = types.includes('mount') ? undefined : openSharedRoot(draft, input.root);
  if (input.kernel.joinByPidfd) joinAll(draft, types);
  else joinEach(draft, joinOrder(input, types));
  draft.add('clone into the container', { kind: 'fork', namespaces: 0 });
  draft.add('end with the runtime', { kind: 'deathSignal', signal: sigkill });
  if (types.includes('user')) becomeNamespaceRoot(draft);
  if (root !== undefined) draft.add("enter the container's root", { kind: 'chroot', rootfs: root });
  if (proc !== undefined) addOwnProcWrites(draft, input, proc);
  draft.add('hide from ptrace and /proc', { kind: 'dumpable', on: 0 });
  draft.add('make a session', { kind: 'setsid' });
  addStandardStreams(draft, process, process.terminal ? terminalInside(draft, input) : undefined);
  addScheduling(draft, process, config.linux);
  draft.add('set the umask', { kind: 'umask', mask: userOf(process).umask ?? input.caller.umask });
  if (!types.includes('user')) addLimits(draft, process, input.caller);
  addIdentity(draft, input);
  draft.add('outlive the runtime', { kind: 'deathSignal', signal: 0 });
  draft.add('wait at the gate "ready"', { kind: 'gate', gate: gates.ready });
  addLastTouches(draft, input);
  addExec(draft, input);
  return {
    namespaces: 0,
    forks: true,
    handed,
    preserveFds: input.preserveFds,
    steps: draft.steps,
    atGate: {
      ...(input.waitsForUnit && { placed: [{ kind: 'joinUnit' }] }),
      ready: types.includes('user') ? limitActions(process, input.caller) : [],
    },
  };
}

const handedTo = (input: ExecInput, types: readonly NamespaceType[]): readonly HandedSlot[] => [
  ...(input.kernel.joinByPidfd
    ? (['targetPidfd'] as const)
    : joinOrder(input, types).map((type) => `namespace:${type}` as const)),
  ...(input.traced ? (['timeline'] as const) : []),
];

const joinOrder = (
  { privilege }: ExecInput,
  types: readonly NamespaceType[],
): readonly NamespaceType[] => inJoinOrder(types, (type) => type, privilege);

function joinAll(draft: Draft, types: readonly NamespaceType[]): void {
  draft.add(
    "join the container's namespaces",
    {
      kind: 'joinNamespace',
      namespace: targetPidfd,
      types: types.reduce((flags, type) => flags | cloneFlag[type], 0),
    },
    { explain: { ESRCH: 'the container has ended' } },
  );
}

/** Kernels before 5.8 take no pidfd: the runtime hands in each namespace, in this order. */
function joinEach(draft: Draft, types: readonly NamespaceType[]): void {
  for (const [slot, type] of types.entries())
    draft.add(`join the container's ${type} namespace`, {
      kind: 'joinNamespace',
      namespace: slot,
      types: cloneFlag[type],
    });
}

const wantsProc = (process: Process): boolean =>
  wantsLabels(process) || process.oomScoreAdj !== undefined;

function addOwnProcWrites(draft: Draft, { process, apparmorFile }: ExecInput, proc: Slot): void {
  addOomScore(draft, process, proc);
  addLabels(draft, process, proc, apparmorFile);
  draft.release(proc);
}

/** The magic link leads to the root that the init has changed to, whatever its path is by now. */
function openSharedRoot(draft: Draft, path: string): Slot {
  const root = draft.takeSlot();
  draft.add("open the container's root", {
    kind: 'openHost',
    path,
    flags: openFlag.readOnly,
    into: root,
  });
  return root;
}

function terminalInside(draft: Draft, input: ExecInput): Slot {
  const root = draft.takeSlot();
  draft.add("open the container's root", {
    kind: 'openHost',
    path: '/',
    flags: openFlag.readOnly,
    into: root,
  });
  const terminal = openTerminal(draft, root, input.process);
  draft.release(root);
  return terminal;
}
