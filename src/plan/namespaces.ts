/**
 * Which namespaces are made by the first clone, which are joined, and which have to wait.
 *
 * A user namespace is never entered by the first clone: an exec before its ids are mapped would cost every
 * capability (user_namespaces(7)). So runt-init, still the host's, opens what only the host may open, joins what
 * has a path, makes the user namespace, and clones once more for the others, which it then owns. The cgroup namespace is made last: its root is the cgroup of that moment.
 */
import type { Config, Linux, Namespace, NamespaceType } from '../bundle/config.ts';
import { cloneFlag, openFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { Privilege } from './input.ts';
import type { Draft } from './plan.ts';

export interface NamespacePlan {
  /** Made new, without a path. */
  readonly created: ReadonlySet<NamespaceType>;
  readonly joined: readonly (Namespace & { readonly path: string })[];
  /** A second process is needed. */
  readonly forks: boolean;
  /** A user namespace is made or joined. */
  readonly hasUser: boolean;
  /** Made or joined: what is mounted stays in there. */
  readonly hasMount: boolean;
  /** CLONE_NEW… of the first clone, or of the fork. */
  readonly flags: number;
}

export const namespacesOf = (config: Config): readonly Namespace[] =>
  config.linux?.namespaces ?? [];

/** Made by unshare(2), each at its own moment. */
const madeAlone: readonly NamespaceType[] = ['user', 'time', 'cgroup'];

const flagsOf = (types: Iterable<NamespaceType>): number =>
  [...types].reduce((flags, type) => flags | cloneFlag[type], 0);

export function planNamespaces(linux: Linux | undefined): NamespacePlan {
  const all = linux?.namespaces ?? [];
  const created = new Set(all.filter((ns) => !ns.path).map((ns) => ns.type));
  const joined = all.flatMap((ns) => (ns.path ? [{ ...ns, path: ns.path }] : []));
  return {
    created,
    joined,
    hasUser: all.some((ns) => ns.type === 'user'),
    hasMount: all.some((ns) => ns.type === 'mount'),
    forks: created.has('user') || created.has('time') || joined.length > 0,
    flags: flagsOf([...created].filter((type) => !madeAlone.includes(type))),
  };
}

/** What a step that joins a cgroup comes from. */
export const cgroupOrigin = 'linux.cgroupsPath';

/** Before any namespace: in another one the host's cgroup files are not there, or not ours to write. */
export function addCgroupJoins(draft: Draft, files: readonly string[]): void {
  for (const file of files)
    draft.add(
      `join the cgroup by adding pid 0, itself, to ${file}`,
      { kind: 'joinCgroup', file },
      { origin: cgroupOrigin },
    );
}

/** The user namespace last: before it, the host's rights open every other door. Who has none gets them in it. */
export function inJoinOrder<T>(
  all: readonly T[],
  typeOf: (one: T) => NamespaceType,
  privilege: Privilege,
): T[] {
  const last = privilege === 'none' ? -1 : 1;
  const place = (one: T): number => (typeOf(one) === 'user' ? last : 0);
  return [...all].sort((a, b) => place(a) - place(b));
}

/** Every path is opened before any is joined: joining a mount namespace changes what paths mean. */
export function addJoins(
  draft: Draft,
  config: Config,
  plan: NamespacePlan,
  privilege: Privilege,
): void {
  const opened: { ns: Namespace; slot: Slot; origin: string }[] = plan.joined.map((ns) => {
    const slot = draft.takeSlot();
    const origin = `linux.namespaces[${namespacesOf(config).findIndex((n) => n.type === ns.type)}]`;
    draft.add(
      `open the ${ns.type} namespace ${ns.path}`,
      { kind: 'openHost', path: ns.path, flags: openFlag.readOnly, into: slot },
      { origin },
    );
    return { ns, slot, origin };
  });
  const inOrder = inJoinOrder(opened, ({ ns: { type } }) => type, privilege);
  for (const { ns, slot, origin } of inOrder) {
    draft.add(
      `join the ${ns.type} namespace ${ns.path ?? ''}`,
      { kind: 'joinNamespace', namespace: slot, types: cloneFlag[ns.type] },
      {
        origin,
        explain: { EINVAL: `${ns.path ?? ''} is no ${ns.type} namespace, or it cannot be joined` },
      },
    );
  }
  draft.release(...inOrder.map(({ slot }) => slot));
}

/** A change of ids hides the process's own /proc files from it (proc(5)); what is written there comes later. */
export function becomeNamespaceRoot(draft: Draft): void {
  draft.add(
    'become root of the user namespace',
    { kind: 'ids', uid: 0, gid: 0, groups: [], setgroups: 0 },
    {
      origin: 'linux.uidMappings',
      explain: { EINVAL: 'container id 0 is not mapped' },
    },
  );
  draft.add('see its own /proc files', { kind: 'dumpable', on: 1 });
}
