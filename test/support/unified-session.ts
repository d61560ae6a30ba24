/**
 * A program, started below `unshare -m` by its test: mounts cgroup v2 on /sys/fs/cgroup for itself,
 * uses cgroupfs there, and prints what it saw as one JSON object.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { openCgroups } from '../../src/cgroup/apply/open-cgroups.ts';
import { freeze } from '../../src/cgroup/apply/freezer.ts';
import { readLayout } from '../../src/cgroup/apply/read-layout.ts';
import { deviceFilter } from '../../src/cgroup/plan/device-rules.ts';
import { type CgroupPlacement, freezerOf } from '../../src/cgroup/plan/placement.ts';
import { cgroupSandbox, joinCgroup, sendSignal } from './cgroup-sandbox.ts';

export interface UnifiedReport {
  readonly mode: string;
  readonly mountpoints: readonly string[];
  readonly belowBase: string;
  readonly controllers: { readonly root: string; readonly leaf: string };
  readonly membership: boolean;
  readonly listed: number;
  readonly listedWithNested: number;
  readonly frozen: readonly boolean[];
  readonly program: { readonly path: boolean; readonly size: number };
  /** Owners of the folder, a file that the kernel names twice, and one that it does not. */
  readonly owners: readonly number[];
  readonly refusal: unknown;
  readonly leftAfterKill: number;
  readonly existsAfterRemove: boolean;
  readonly threaded: string;
  readonly listedThreaded: number;
}

const root = '/sys/fs/cgroup';

function pathOf({ directories }: CgroupPlacement): string {
  const [directory] = directories;
  if (directory === undefined) throw new Error('no v2 hierarchy');
  return directory.path;
}

function controllers(path: string): string {
  return readFileSync(`${path}/cgroup.controllers`, 'utf8').trim();
}

function caught(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

execFileSync('mount', ['-t', 'cgroup2', 'none', root]);
const programs: { path: string; size: number }[] = [];
const cgroups = openCgroups(
  {
    send: sendSignal,
    bus: { env: {}, blocking: true },
    programs: { replace: (path, program) => programs.push({ path, size: program.length }) },
  },
  { manager: 'cgroupfs', prefix: 'runt', usersManager: () => false, mayLack: () => false },
);
const sandbox = cgroupSandbox();
const threads = cgroupSandbox();
try {
  const layout = readLayout();
  const placement = sandbox.place('pod/box');
  const path = pathOf(placement);
  cgroups.create(placement);
  const pid = sandbox.sleeper();
  joinCgroup(placement, pid);
  const listed = cgroups.processes(placement).length;

  mkdirSync(`${path}/nested`);
  const nested = sandbox.sleeper();
  writeFileSync(`${path}/nested/cgroup.procs`, String(nested));
  const listedWithNested = cgroups.processes(placement).length;

  const before = cgroups.isFrozen(freezerOf(placement));
  const freezer = freezerOf(placement);
  if (freezer === undefined) throw new Error('no freezer on v2');
  await freeze(freezer, 1000);
  const after = cgroups.isFrozen(freezerOf(placement));
  cgroups.applyDevices(placement, deviceFilter([]));
  const refusal = caught(() => cgroups.create(placement));
  const membership = readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(
    `${sandbox.base}/pod/box\n`,
  );
  cgroups.delegate({ path, uid: 4242 });
  const owners = ['', 'cgroup.procs', 'cgroup.subtree_control', 'cgroup.max.depth'].map(
    (file) => statSync(`${path}/${file}`).uid,
  );
  await cgroups.killAll(placement);
  const leftAfterKill = cgroups.processes(placement).length;
  const leaf = controllers(path);
  await cgroups.remove(placement);
  const existsAfterRemove = existsSync(path);

  // a thread-mode parent makes each new child invalid
  const parent = `${root}${threads.base}/parent`;
  mkdirSync(parent, { recursive: true });
  writeFileSync(`${parent}/cgroup.type`, 'threaded');
  const child = threads.place('parent/box');
  cgroups.create(child);
  joinCgroup(child, threads.sleeper());

  const report: UnifiedReport = {
    mode: layout.mode,
    mountpoints: layout.hierarchies.map(({ mountpoint }) => mountpoint),
    belowBase: path.slice(root.length + sandbox.base.length),
    controllers: { root: controllers(root), leaf },
    membership,
    listed,
    listedWithNested,
    frozen: [before, after],
    program: { path: programs[0]?.path === path, size: programs[0]?.size ?? 0 },
    owners,
    refusal,
    leftAfterKill,
    existsAfterRemove,
    threaded: readFileSync(`${pathOf(child)}/cgroup.type`, 'utf8').trim(),
    listedThreaded: cgroups.processes(child).length,
  };
  process.stdout.write(JSON.stringify(report));
} finally {
  await sandbox.end();
  await threads.end();
}
