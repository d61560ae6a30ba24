/**
 * Who asks, and what that user may do: capabilities, user namespaces, ids.
 */
import { type Check, fail, isRootless, listed, note, ok, warn } from './check.ts';
import type { CallerFacts, HostFacts, IdTool } from './facts.ts';

export const judgeRights = (facts: HostFacts): readonly Check[] => [
  ...(isRootless(facts) ? [] : [judgeCapabilities(facts.caller)]),
  judgeUserNamespaces(facts),
  judgeIds(facts),
];

/** What the host's root needs for any container. */
const essential = ['CAP_SYS_ADMIN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'];

/** What is lost with a capability, where that is no plain matter of its name. */
const losses: Readonly<Record<string, string>> = {
  CAP_SYS_RESOURCE: 'hard rlimits cannot be raised, nor oomScoreAdj lowered',
  CAP_MKNOD: 'device nodes cannot be made',
  CAP_NET_ADMIN: 'no network interface can be set up',
  CAP_SYS_NICE: 'no schedulers of real time',
  CAP_BPF: 'device filters on cgroup v2 may fail',
  CAP_DAC_OVERRIDE: 'folders of other users stay closed',
  CAP_CHOWN: 'nothing can be given to the user of a container',
};

/** The set that engines give to a container when nobody asks for more. */
const usual = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SETFCAP',
  'CAP_SETGID',
  'CAP_SETPCAP',
  'CAP_SETUID',
  'CAP_SYS_CHROOT',
];

function judgeCapabilities({ lacking, unreachable }: CallerFacts): Check {
  const needed = essential.filter((name) => lacking.includes(name));
  if (needed.length > 0)
    return fail(
      'capabilities',
      `root lacks ${listed(needed)}`,
      "start runt with all of root's capabilities",
    );
  const missing = [...new Set([...lacking, ...unreachable])];
  if (missing.length === 0) return ok('capabilities', 'all that this kernel has');
  const effects = missing.flatMap((name) => losses[name] ?? []);
  const effect = effects.length > 0 ? effects.join('; ') : 'no container can have them';
  const says = `not there: ${listed(missing)} (${effect})`;
  return missing.some((name) => usual.includes(name))
    ? warn('capabilities', says)
    : note('capabilities', says);
}

function judgeUserNamespaces(facts: HostFacts): Check {
  const { userNamespaces, system, caller } = facts;
  const { refused, unprivilegedClone, apparmorRestricts } = userNamespaces;
  const limit = system.namespaceLimits['user'];
  if (refused === undefined) {
    const most = limit === undefined ? '' : `, ${limit} at most`;
    return ok('user-namespaces', `can be made${most}`);
  }
  const plain = caller.uid !== 0;
  const cause = whyNone(plain, limit, unprivilegedClone, apparmorRestricts);
  const says = `cannot be ${apparmorRestricts === true && plain ? 'used' : 'made'} (${cause?.why ?? refused})`;
  const todo = cause === undefined ? [] : [cause.todo];
  if (isRootless(facts)) return fail('user-namespaces', says, ...todo);
  return warn('user-namespaces', `${says}: configs that ask for one are refused`, ...todo);
}

function whyNone(
  plain: boolean,
  limit: number | undefined,
  unprivilegedClone: boolean | undefined,
  apparmorRestricts: boolean | undefined,
): { readonly why: string; readonly todo: string } | undefined {
  if (limit === 0)
    return {
      why: 'user.max_user_namespaces is 0',
      todo: 'sysctl -w user.max_user_namespaces=15000',
    };
  if (plain && unprivilegedClone === false)
    return {
      why: 'kernel.unprivileged_userns_clone is 0',
      todo: 'sysctl -w kernel.unprivileged_userns_clone=1',
    };
  if (plain && apparmorRestricts === true)
    return {
      why: 'kernel.apparmor_restrict_unprivileged_userns is 1',
      todo: 'give runt an AppArmor profile with userns, or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    };
  return undefined;
}

/** A user may map one id without help; for more, /etc/subuid has the ranges, and newuidmap the right. */
function judgeIds(facts: HostFacts): Check {
  const { caller } = facts;
  const tools = [
    ['newuidmap', caller.newuidmap],
    ['newgidmap', caller.newgidmap],
  ] as const;
  const absent = tools.filter(([, tool]) => tool === undefined).map(([name]) => name);
  const weak = tools.flatMap(([, tool]) => (tool?.privilege === 'none' ? [tool] : []));
  if (!isRootless(facts))
    return absent.length > 0
      ? note(
          'id-maps',
          `root maps any ids; plain users have one id in a container, since there is no ${listed(absent)}`,
          'apt install uidmap, or shadow-utils',
        )
      : (weakTools(weak) ??
          ok('id-maps', 'root maps any ids; newuidmap and newgidmap are there for plain users'));
  const one = 'a container has one id only, yours';
  if (absent.length > 0)
    return warn(
      'id-maps',
      `${one}: there is no ${listed(absent)}`,
      'apt install uidmap, or shadow-utils',
    );
  return weakTools(weak) ?? judgeRanges(caller, one);
}

function weakTools(weak: readonly IdTool[]): Check | undefined {
  if (weak.length === 0) return undefined;
  const paths = weak.map(({ path }) => path);
  return warn(
    'id-maps',
    `neither setuid nor given a capability: ${listed(paths)}; plain users have one id in a container`,
    `chmod u+s ${paths.join(' ')}`,
  );
}

function judgeRanges(caller: CallerFacts, one: string): Check {
  const { subuids, subgids, subidsElsewhere, name, uid } = caller;
  const least = Math.min(subuids, subgids);
  const who = name ?? String(uid);
  if (subidsElsewhere && least === 0)
    return note('id-maps', `/etc/nsswitch.conf names another source of id ranges than /etc/subuid`);
  if (least === 0) {
    const files = [
      ...(subuids === 0 ? ['/etc/subuid'] : []),
      ...(subgids === 0 ? ['/etc/subgid'] : []),
    ];
    return warn(
      'id-maps',
      `${one}: ${who} has no range in ${listed(files)}`,
      `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${who}`,
    );
  }
  if (least < 65_535)
    return warn(
      'id-maps',
      `${who} has ${subuids} user and ${subgids} group ids; images mostly need 65536`,
    );
  return ok(
    'id-maps',
    `${who} has ${subuids} user and ${subgids} group ids, by newuidmap and newgidmap`,
  );
}
