/** config.md#posix-process and #linux-process: limits, capabilities, scheduling and the rest of Linux. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { type Case, inside, life, refused } from '../case.ts';
import { type CapabilitySet, type Report } from '../report.ts';

const limits = 'config.md#posix-process';
const linux = 'config.md#linux-process';
const capability = { chown: 0, kill: 5, netBind: 10, netRaw: 13 };

const old = {
  scheduler: '1.1.5 is older than the property and ignores it',
  crun: '1.8.1 is older than the property and ignores it',
};

/** A number below what this process may have at most. */
const rlimitCases: readonly Case[] = [
  'RLIMIT_AS',
  'RLIMIT_CORE',
  'RLIMIT_CPU',
  'RLIMIT_DATA',
  'RLIMIT_FSIZE',
  'RLIMIT_LOCKS',
  'RLIMIT_MEMLOCK',
  'RLIMIT_MSGQUEUE',
  'RLIMIT_NICE',
  'RLIMIT_NOFILE',
  'RLIMIT_NPROC',
  'RLIMIT_RSS',
  'RLIMIT_RTPRIO',
  'RLIMIT_RTTIME',
  'RLIMIT_SIGPENDING',
  'RLIMIT_STACK',
].map((type) => {
  const [soft, hard] = figures(type);
  return inside([limits, 'MUST', `${type} is what getrlimit answers`], {
    change: { '/process/rlimits': [{ type, soft, hard }] },
    check: ({ report }) => deepEqual(report.limits[type], { soft, hard }),
  });
});

function figures(type: string): readonly [number, number] {
  if (type === 'RLIMIT_NICE' || type === 'RLIMIT_RTPRIO') return [0, 0];
  if (type === 'RLIMIT_AS' || type === 'RLIMIT_DATA') return [1 << 30, 2 ** 31];
  const unit = /CPU|NOFILE|NPROC|PENDING|MEMLOCK|MSGQUEUE/.test(type) ? 1 : 1 << 16;
  return [900 * unit, 1000 * unit];
}

const setOnly = (name: CapabilitySet): Readonly<Record<string, unknown>> => {
  const wide = ['CAP_CHOWN', 'CAP_KILL'];
  const narrow = ['CAP_KILL'];
  const all = { bounding: narrow, permitted: narrow, effective: [], inheritable: [], ambient: [] };
  if (name === 'bounding') return { ...all, bounding: wide };
  if (name === 'permitted') return { ...all, bounding: wide, permitted: wide };
  if (name === 'effective') return { ...all, effective: narrow };
  if (name === 'inheritable') return { ...all, inheritable: narrow };
  return { ...all, effective: narrow, inheritable: narrow, ambient: narrow };
};

const expected: Readonly<Record<CapabilitySet, readonly number[]>> = {
  bounding: [capability.chown, capability.kill],
  permitted: [capability.kill],
  effective: [capability.kill],
  inheritable: [capability.kill],
  ambient: [capability.kill],
};

const everySet = ['bounding', 'permitted', 'effective', 'inheritable', 'ambient'] as const;

const capabilityCases: readonly Case[] = everySet.map((name) =>
  inside([linux, 'MUST', `the ${name} capabilities are those of the config`], {
    // as another user than root, for whom execve gives nothing of its own
    change: { '/process/user': { uid: 1, gid: 1 }, '/process/capabilities': setOnly(name) },
    check: ({ report }) => {
      const found = report.capabilities[name];
      if (name === 'permitted' || name === 'effective') {
        // a program without file capabilities keeps only the ambient ones
        deepEqual(found, []);
      } else deepEqual(found, expected[name]);
    },
  }),
);

const policy = (name: string, number: number, more = {}): Case =>
  inside([linux, 'MUST', `the scheduler is ${name}`], {
    needs: () => (/FIFO|RR/.test(name) ? noRealTime() : undefined),
    change: { '/process/scheduler': { policy: name, ...more } },
    check: ({ report }) => {
      equal(report.scheduler.policy, number);
      for (const [key, value] of Object.entries(more))
        if (key !== 'flags') equal(Reflect.get(report.scheduler, key), value, key);
    },
    peers: { runc: old.scheduler, crun: old.crun },
  });

const badScheduler = (says: string, scheduler: object, pointer: string, code = 'scheduler'): Case =>
  refused([linux, 'MUST', says], {
    change: { '/process/scheduler': scheduler },
    finding: { code, pointer: `/process/scheduler${pointer}` },
    peers: { runc: old.scheduler, crun: old.crun },
  });

const level = (name: string, number: number, priority: number): Case =>
  inside([linux, 'MUST', `the I/O priority is ${name} ${priority}`], {
    change: { '/process/ioPriority': { class: name, priority } },
    check: ({ report }) => deepEqual(report.ioPriority, { class: number, level: priority }),
    peers: { runc: old.scheduler, crun: old.crun },
  });

/** Where real time is given out by cgroups of v1, a new one starts with none of it. */
const noRealTime = (): string | undefined =>
  existsSync('/sys/fs/cgroup/cpu/cpu.rt_runtime_us')
    ? 'a host that gives new cgroups no real time'
    : undefined;

const noAppArmor = (): string | undefined =>
  existsSync('/sys/kernel/security/apparmor') ? undefined : 'a host without AppArmor';
const noSelinux = (): string | undefined =>
  existsSync('/sys/fs/selinux') ? undefined : 'a host without SELinux';

const maySetScore = (): string | undefined =>
  readFileSync('/proc/self/oom_score_adj', 'utf8').trim() === '0'
    ? undefined
    : 'the score of this process is not 0';

const bits = (report: Report, name: CapabilitySet): readonly number[] => report.capabilities[name];

export const linuxProcessCases: readonly Case[] = [
  ...rlimitCases,
  inside([limits, 'MUST', 'a limit of 2⁶⁴−1 is none'], {
    change: {
      '/process/rlimits': [{ type: 'RLIMIT_CPU', soft: 18446744073709551615n.toString(), hard: 0 }],
    },
    needs: () => 'JSON of this suite has no number that large',
    check: () => undefined,
  }),
  refused([limits, 'MUST', 'a limit that the kernel does not have is an error'], {
    change: { '/process/rlimits': [{ type: 'RLIMIT_NONE', soft: 1, hard: 1 }] },
    finding: { code: 'schema/enum', pointer: '/process/rlimits/0/type' },
  }),
  refused([limits, 'MUST', 'two limits of one type are an error'], {
    change: {
      '/process/rlimits': [
        { type: 'RLIMIT_CORE', soft: 2, hard: 2 },
        { type: 'RLIMIT_CORE', soft: 1, hard: 1 },
      ],
    },
    finding: { code: 'rlimit-duplicate', pointer: '/process/rlimits/1/type' },
    peers: { runc: 'sets one after the other', crun: 'sets one after the other' },
  }),
  refused([limits, 'MUST', 'a soft limit above the hard one is an error'], {
    change: { '/process/rlimits': [{ type: 'RLIMIT_CORE', soft: 2, hard: 1 }] },
    finding: { code: 'rlimit-order', pointer: '/process/rlimits/0/soft' },
  }),
  refused([limits, 'MUST', 'a negative limit is an error'], {
    change: { '/process/rlimits': [{ type: 'RLIMIT_CORE', soft: -1, hard: 1 }] },
    finding: { code: 'schema/minimum', pointer: '/process/rlimits/0/soft' },
  }),
  ...capabilityCases,
  inside([linux, 'MUST', 'root’s permitted and effective sets are those of the config'], {
    change: {
      '/process/capabilities': Object.fromEntries(
        ['bounding', 'permitted', 'effective', 'inheritable'].map((name) => [
          name,
          ['CAP_CHOWN', 'CAP_NET_RAW'],
        ]),
      ),
    },
    check: ({ report }) => {
      for (const name of ['bounding', 'permitted', 'effective'] as const)
        deepEqual(bits(report, name), [capability.chown, capability.netRaw]);
    },
  }),
  inside([linux, 'MUST', 'a config with no capabilities leaves none'], {
    change: { '/process/capabilities': {} },
    check: ({ report }) => {
      for (const name of everySet) deepEqual(bits(report, name), []);
    },
  }),
  inside([linux, 'MUST', 'a capability that does not exist is a warning'], {
    change: { '/process/capabilities/bounding': ['CAP_NONE', 'CAP_KILL'] },
    check: ({ report, stderr }) => {
      deepEqual(bits(report, 'bounding'), [capability.kill]);
      match(stderr, /CAP_NONE/);
    },
    peers: { crun: 'fails: unknown capability' },
  }),
  inside([linux, 'MUST', 'a capability that cannot be granted is a warning'], {
    change: {
      '/process/capabilities': {
        bounding: ['CAP_KILL'],
        effective: ['CAP_KILL', 'CAP_SYS_RESOURCE'],
        permitted: ['CAP_KILL', 'CAP_SYS_RESOURCE'],
      },
    },
    needs: () => (lacksSysResource() ? undefined : 'a host that may grant every capability'),
    check: ({ report, stderr }) => {
      ok(!bits(report, 'permitted').includes(24));
      match(stderr, /CAP_SYS_RESOURCE/);
    },
    peers: {
      runc: '1.1.5 fails',
      crun: 'drops it without a word',
    },
  }),
  refused([linux, 'MUST', 'a set of capabilities is a list of strings'], {
    change: { '/process/capabilities': { bounding: 'CAP_KILL' } },
    finding: { code: 'schema/type', pointer: '/process/capabilities/bounding' },
    peers: { crun: 'its generated parser skips a list that is no list' },
  }),
  inside([linux, 'MUST', 'noNewPrivileges is set'], {
    change: { '/process/noNewPrivileges': true },
    check: ({ report }) => equal(report.noNewPrivileges, 1),
  }),
  inside([linux, 'MUST', 'noNewPrivileges is not set without being asked for'], {
    check: ({ report }) => equal(report.noNewPrivileges, 0),
  }),
  inside([linux, 'MUST', 'oomScoreAdj is set'], {
    change: { '/process/oomScoreAdj': 321 },
    check: ({ report }) => deepEqual(report.oomScoreAdj, ['321']),
  }),
  inside([linux, 'MUST', 'oom_score_adj is left alone without oomScoreAdj'], {
    needs: maySetScore,
    check: ({ report, host }) => deepEqual(report.oomScoreAdj, host.oomScoreAdj),
  }),
  refused([linux, 'MUST', 'a score outside of the kernel’s range is an error'], {
    change: { '/process/oomScoreAdj': 1001 },
    finding: { code: 'schema/maximum', pointer: '/process/oomScoreAdj' },
  }),
  policy('SCHED_OTHER', 0, { nice: 5 }),
  policy('SCHED_BATCH', 3, { nice: 7 }),
  policy('SCHED_IDLE', 5),
  policy('SCHED_FIFO', 1, { priority: 10 }),
  policy('SCHED_RR', 2, { priority: 3 }),
  policy('SCHED_DEADLINE', 6, { runtime: 10_000_000, deadline: 100_000_000, period: 100_000_000 }),
  inside([linux, 'MUST', 'a scheduler without nice has nice 0'], {
    change: {
      '/process/scheduler': { policy: 'SCHED_OTHER', flags: ['SCHED_FLAG_RESET_ON_FORK'] },
    },
    check: ({ report }) => {
      equal(report.scheduler.nice, 0);
      equal(report.scheduler.flags & 1, 1);
    },
    peers: { runc: old.scheduler, crun: old.crun },
  }),
  badScheduler('a scheduler needs a policy', { nice: 1 }, '/policy', 'schema/required'),
  badScheduler('an unknown policy is an error', { policy: 'SCHED_X' }, '/policy', 'schema/enum'),
  badScheduler('nice is −20 to 19', { policy: 'SCHED_OTHER', nice: 20 }, '/nice'),
  badScheduler(
    'an unknown flag is an error',
    { policy: 'SCHED_OTHER', flags: ['X'] },
    '/flags/0',
    'schema/enum',
  ),
  badScheduler('a priority is real time’s', { policy: 'SCHED_OTHER', priority: 1 }, '/priority'),
  badScheduler('a deadline is SCHED_DEADLINE’s', { policy: 'SCHED_FIFO', runtime: 1 }, '/runtime'),
  level('IOPRIO_CLASS_BE', 2, 6),
  level('IOPRIO_CLASS_IDLE', 3, 0),
  level('IOPRIO_CLASS_RT', 1, 3),
  refused([linux, 'MUST', 'an I/O priority is 0 to 7'], {
    change: { '/process/ioPriority': { class: 'IOPRIO_CLASS_BE', priority: 8 } },
    finding: { code: 'schema/maximum', pointer: '/process/ioPriority/priority' },
    peers: { runc: old.scheduler, crun: old.crun },
  }),
  refused([linux, 'MUST', 'an I/O priority needs a class of three'], {
    change: { '/process/ioPriority': { class: 'IOPRIO_CLASS_X', priority: 1 } },
    finding: { code: 'schema/enum', pointer: '/process/ioPriority/class' },
    peers: { runc: old.scheduler, crun: old.crun },
  }),
  life([linux, 'MUST', 'execCPUAffinity.final is where an exec’ed process runs'], {
    needs: () => (cpus().length > 1 ? undefined : 'a host with one processor'),
    change: { '/process/execCPUAffinity': { initial: '0', final: '1' } },
    ask: ['sleep 60'],
    live: ({ create, start, run, world }) => {
      equal(create().status, 0);
      equal(start().status, 0);
      const { stdout } = run('exec', world.id, '/bin/probe');
      deepEqual(JSON.parse(stdout).affinity, [1]);
    },
    peers: { runc: old.scheduler, crun: old.crun },
  }),
  inside([linux, 'MUST', 'execCPUAffinity leaves the container’s first process alone'], {
    change: { '/process/execCPUAffinity': { initial: '0', final: '0' } },
    check: ({ report, host }) => deepEqual(report.affinity, host.affinity),
  }),
  refused([linux, 'MUST', 'an AppArmor profile on a host without AppArmor is an error'], {
    needs: () => (noAppArmor() === undefined ? 'a host with AppArmor' : undefined),
    change: { '/process/apparmorProfile': 'profile' },
  }),
  inside([linux, 'MUST', 'the AppArmor profile is the process’s'], {
    needs: noAppArmor,
    change: { '/process/apparmorProfile': 'unconfined' },
    check: ({ report }) => notEqual(report.pid, 0),
  }),
  refused([linux, 'MUST', 'a SELinux label on a host without SELinux is an error'], {
    needs: () => (noSelinux() === undefined ? 'a host with SELinux' : undefined),
    change: { '/process/selinuxLabel': 'system_u:system_r:svirt_lxc_net_t:s0:c1' },
  }),
];

function lacksSysResource(): boolean {
  const text = /CapBnd:\s*(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${text}`) >> 24n) % 2n === 0n;
}
