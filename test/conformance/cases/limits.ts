/** config-linux.md, linux.resources: each limit is looked up in the control file that it belongs to, on v1 and on v2. */
import { equal, match, notEqual } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, life, refused } from '../case.ts';
import { type ControlFiles, isPureV2, needsFile, readControl } from '../control-files.ts';
import { applied, changeOf, unable } from '../limit-case.ts';

const mebibyte = 1_048_576;

const onV1 = (): string | undefined => (isPureV2() ? 'cgroup v2 has no such thing' : undefined);
const onV2 = (): string | undefined => (isPureV2() ? undefined : 'a host with cgroup v1');
const whereLacks =
  (files: ControlFiles, name: string): (() => string | undefined) =>
  () =>
    needsFile(files) === undefined ? `a host with ${name}` : undefined;

/** A disk, or, without any, what else there is: its numbers. */
function diskNumbers(): readonly [major: number, minor: number] | undefined {
  const names = existsSync('/sys/block') ? readdirSync('/sys/block') : [];
  const name = names.find((one) => !/^(loop|ram|zram)/.test(one)) ?? names[0];
  if (name === undefined) return undefined;
  const [major = 0, minor = 0] = readFileSync(`/sys/block/${name}/dev`, 'utf8')
    .trim()
    .split(':')
    .map(Number);
  return [major, minor];
}

const noDisk = (): string | undefined =>
  diskNumbers() === undefined ? 'a host without a block device' : undefined;

const [major, minor] = diskNumbers() ?? [0, 0];

const throttles = [
  ['throttleReadBpsDevice', 'read_bps', 'rbps'],
  ['throttleWriteBpsDevice', 'write_bps', 'wbps'],
  ['throttleReadIOPSDevice', 'read_iops', 'riops'],
  ['throttleWriteIOPSDevice', 'write_iops', 'wiops'],
] as const;

const memory = { v1: 'memory/memory.limit_in_bytes', v2: 'memory/memory.max' };
const swap = { v1: 'memory/memory.memsw.limit_in_bytes', v2: 'memory/memory.swap.max' };
const softLimit = { v1: 'memory/memory.soft_limit_in_bytes', v2: 'memory/memory.low' };
const pids = { v1: 'pids/pids.max', v2: 'pids/pids.max' };
const hugepages = { v1: 'hugetlb/hugetlb.2MB.limit_in_bytes', v2: 'hugetlb/hugetlb.2MB.max' };
const classId = { v1: 'net_cls/net_cls.classid' };
const priorities = { v1: 'net_prio/net_prio.ifpriomap' };
const idle = { v1: 'cpu/cpu.idle', v2: 'cpu/cpu.idle' };
const burst = { v1: 'cpu/cpu.cfs_burst_us', v2: 'cpu/cpu.max.burst' };
const [cpus, mems] = ['cpuset/cpuset.cpus', 'cpuset/cpuset.mems'];

const noPages = (): string | undefined =>
  existsSync('/sys/kernel/mm/hugepages/hugepages-2048kB') ? undefined : 'a host without such pages';

const young = '1.1.5 is older than the property and ignores it';
const noRdma = '1.8.1 reads the property and does nothing with it';
const noBurst = { runc: young, crun: '1.8.1 ignores the property on cgroup v1' };

export const limitCases: readonly Case[] = [
  applied(['memory', 'limit is the limit of memory'], { memory: { limit: 64 * mebibyte } }, [
    [memory, `${64 * mebibyte}`],
  ]),
  applied(
    ['memory', 'reservation is the soft limit of memory'],
    { memory: { reservation: 32 * mebibyte } },
    [[softLimit, `${32 * mebibyte}`]],
  ),
  applied(
    ['memory', 'swap is the limit of memory and swap together'],
    { memory: { limit: 64 * mebibyte, swap: 96 * mebibyte } },
    [
      [memory, `${64 * mebibyte}`],
      [swap, `${96 * mebibyte}`, `${32 * mebibyte}`],
    ],
  ),
  applied(
    ['memory', 'swappiness is applied'],
    { memory: { swappiness: 17 } },
    [[{ v1: 'memory/memory.swappiness' }, '17']],
    { needs: onV1 },
  ),
  applied(
    ['memory', 'disableOOMKiller is applied'],
    { memory: { disableOOMKiller: true } },
    [[{ v1: 'memory/memory.oom_control' }, /^oom_kill_disable 1$/m]],
    { needs: onV1 },
  ),
  unable(
    ['memory', 'swappiness on a host that has none is an error'],
    { memory: { swappiness: 17 } },
    'memory.swappiness',
    { needs: onV2 },
  ),
  unable(
    ['memory', 'disableOOMKiller on a host that cannot is an error'],
    { memory: { disableOOMKiller: true } },
    'memory.disableOOMKiller',
    { needs: onV2 },
  ),
  refused(['config-linux.md#memory', 'MUST', 'less memory and swap than memory is an error'], {
    change: changeOf({ memory: { limit: 64 * mebibyte, swap: 32 * mebibyte } }),
    finding: { code: 'memory-swap', pointer: '/linux/resources/memory/swap' },
  }),
  life(
    ['config-linux.md#memory', 'MUST', 'checkBeforeUpdate: a limit below the usage is an error'],
    {
      needs: () => needsFile(memory),
      ask: ['sleep 60'],
      change: changeOf({ memory: { limit: 64 * mebibyte } }),
      live: ({ create, start, run, world }) => {
        equal(create().status, 0);
        equal(start().status, 0);
        const file = join(world.outside, 'resources.json');
        writeFileSync(file, JSON.stringify({ memory: { limit: 4096, checkBeforeUpdate: true } }));
        const { status, stderr } = run('update', '--resources', file, world.id);
        notEqual(status, 0, 'update succeeded');
        match(stderr, /memory/);
        equal(readControl(memory, world.cgroup).text, `${64 * mebibyte}`);
      },
    },
  ),
  applied(['cpu', 'shares are applied'], { cpu: { shares: 512 } }, [
    // on v2 100 is what a cgroup has by itself, and what 1024 shares are meant to be
    [{ v1: 'cpu/cpu.shares', v2: 'cpu/cpu.weight' }, '512', /^[1-9]\d$/],
  ]),
  applied(['cpu', 'quota and period are applied'], { cpu: { quota: 20_000, period: 50_000 } }, [
    [{ v1: 'cpu/cpu.cfs_quota_us', v2: 'cpu/cpu.max' }, '20000', '20000 50000'],
    [{ v1: 'cpu/cpu.cfs_period_us', v2: 'cpu/cpu.max' }, '50000', '20000 50000'],
  ]),
  applied(
    ['cpu', 'burst is applied'],
    { cpu: { quota: 20_000, period: 50_000, burst: 10_000 } },
    [[burst, '10000']],
    { peers: noBurst },
  ),
  refused(['config-linux.md#cpu', 'MUST', 'a burst above the quota is an error'], {
    change: changeOf({ cpu: { quota: 20_000, period: 50_000, burst: 30_000 } }),
    finding: { code: 'cpu-burst', pointer: '/linux/resources/cpu/burst' },
    peers: noBurst,
  }),
  applied(['cpu', 'idle is applied'], { cpu: { idle: 1 } }, [[idle, '1']], {
    peers: { runc: young },
  }),
  applied(['cpu', 'cpus and mems are applied'], { cpu: { cpus: '0', mems: '0' } }, [
    [{ v1: cpus, v2: cpus }, '0'],
    [{ v1: mems, v2: mems }, '0'],
  ]),
  unable(['cpu', 'a CPU that the host lacks is an error'], { cpu: { cpus: '4095' } }, 'cpu.cpus'),
  unable(['cpu', 'a node that the host lacks is an error'], { cpu: { mems: '63' } }, 'cpu.mems'),
  ...throttles.map(([property, v1, v2]) =>
    applied(
      ['block-io', `${property} is applied`],
      { blockIO: { [property]: [{ major, minor, rate: 1_048_576 }] } },
      [
        [
          { v1: `blkio/blkio.throttle.${v1}_device`, v2: 'io/io.max' },
          new RegExp(`^${major}:${minor} 1048576$`, 'm'),
          new RegExp(`^${major}:${minor} .*\\b${v2}=1048576\\b`, 'm'),
        ],
      ],
      { needs: noDisk },
    ),
  ),
  unable(
    ['block-io', 'a device that does not exist is an error'],
    { blockIO: { throttleReadBpsDevice: [{ major: 4000, minor: 77, rate: 1_048_576 }] } },
    'blockIO.throttleReadBpsDevice',
  ),
  refused(['config-linux.md#block-io', 'MUST', 'a weightDevice has a weight or a leafWeight'], {
    change: changeOf({ blockIO: { weightDevice: [{ major, minor }] } }),
    finding: { code: 'block-io-weight', pointer: '/linux/resources/blockIO/weightDevice/0' },
    peers: { runc: '1.1.5 takes an entry that says nothing' },
  }),
  applied(
    ['huge-page-limits', 'the limit of a page size is applied'],
    { hugepageLimits: [{ pageSize: '2MB', limit: 4 * mebibyte }] },
    [[hugepages, `${4 * mebibyte}`]],
    { needs: noPages },
  ),
  unable(
    ['huge-page-limits', 'a page size that the host lacks is an error'],
    { hugepageLimits: [{ pageSize: '3MB', limit: 6 * mebibyte }] },
    'hugepageLimits',
  ),
  applied(['network', 'classID is applied'], { network: { classID: 1_048_577 } }, [
    [classId, '1048577'],
  ]),
  applied(
    ['network', 'priorities are applied'],
    { network: { priorities: [{ name: 'lo', priority: 5 }] } },
    [[priorities, /^lo 5$/m]],
  ),
  unable(
    ['network', 'classID on a host without its controller is an error'],
    { network: { classID: 1_048_577 } },
    'network.classID',
    { needs: whereLacks(classId, 'net_cls') },
  ),
  unable(
    ['network', 'priorities on a host without their controller are an error'],
    { network: { priorities: [{ name: 'lo', priority: 5 }] } },
    'network.priorities',
    { needs: whereLacks(priorities, 'net_prio') },
  ),
  applied(['pids', 'limit is the limit of tasks'], { pids: { limit: 21 } }, [[pids, '21']]),
  applied(['pids', '-1 is no limit'], { pids: { limit: -1 } }, [[pids, 'max']], {
    peers: { crun: '1.8.1 writes the number as it is, which the kernel refuses' },
  }),
  // the container's own process is there: 0 and 1 both say that there will be no other
  applied(['pids', '0 is a limit'], { pids: { limit: 0 } }, [[pids, /^[01]$/]], {
    peers: { runc: '1.1.5 reads 0 as no limit', crun: '1.8.1 reads 0 as no limit' },
  }),
  refused(['config-linux.md#rdma', 'MUST', 'a device has hcaHandles or hcaObjects'], {
    change: changeOf({ rdma: { mlx5_1: {} } }),
    finding: { code: 'rdma-limit', pointer: '/linux/resources/rdma/mlx5_1' },
    peers: { crun: noRdma },
  }),
  unable(
    ['rdma', 'a limit of a device that the host lacks is an error'],
    { rdma: { nosuch0: { hcaHandles: 3, hcaObjects: 10 } } },
    'rdma',
    { peers: { crun: noRdma } },
  ),
  applied(
    ['unified', 'files of cgroup v2 are written by their names'],
    { unified: { 'memory.high': `${48 * mebibyte}`, 'pids.max': '31' } },
    [
      [{ v2: 'memory/memory.high' }, '', `${48 * mebibyte}`],
      [{ v2: 'pids/pids.max' }, '', '31'],
    ],
    { needs: onV2 },
  ),
  unable(
    ['unified', 'on cgroup v1 it is an error'],
    { unified: { 'memory.high': `${48 * mebibyte}` } },
    'unified',
    { needs: onV1 },
  ),
  refused(['config-linux.md#unified', 'MUST', 'a key whose controller is not there is an error'], {
    needs: onV2,
    change: changeOf({ unified: { 'nosuch.max': '1' } }),
    message: "can't be set: controller",
  }),
  refused(['config-linux.md#unified', 'MUST', 'a key that is no file of a cgroup is an error'], {
    change: changeOf({ unified: { '../memory.high': '1' } }),
    finding: { code: 'unified', pointer: '/linux/resources/unified/..~1memory.high' },
  }),
];
