/**
 * What a test has left on the machine, found by the name that everything of it carries.
 *
 * A process counts when its cgroup, its command line, its folders or a mount that it sees bear the name.
 */
import { readdirSync, readFileSync, readlinkSync, rmdirSync } from 'node:fs';
import { execaSync } from 'execa';

/** One line for each thing that is still there. */
export function leftovers(name: string, root: string): string[] {
  return [
    ...processesOf(name).flatMap((pid) => {
      const command = readOr('', `/proc/${pid}/comm`).trim();
      // it has ended since
      return command === '' ? [] : [`process ${pid} (${command})`];
    }),
    ...cgroupsOf(name).map((path) => `cgroup ${path}`),
    ...mountsOf(name).map((line) => `mount ${line}`),
    ...entriesOf(root).map((entry) => `file ${root}/${entry}`),
  ];
}

/** The same things, taken away as well as can be: the next test must not suffer from this one's failure. */
export function clearLeftovers(name: string): void {
  for (let turn = 0; turn < 100 && processesOf(name).length > 0; turn++) {
    for (const pid of processesOf(name)) killQuietly(pid);
    execaSync('sleep', ['0.02']);
  }
  for (const line of mountsOf(name).toReversed())
    execaSync('umount', ['-l', line.split(' ')[4] ?? ''], { reject: false });
  for (const path of cgroupsOf(name).toReversed()) {
    try {
      rmdirSync(path);
    } catch {
      // it was reported already
    }
  }
}

export function processesOf(name: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map(Number)
    .filter((pid) => bears(pid, name));
}

function bears(pid: number, name: string): boolean {
  const folder = `/proc/${pid}`;
  // one that has ended is its parent's to collect
  if (/^State:\t[ZX]/m.test(readOr('State:\tZ', `${folder}/status`))) return false;
  const command = readOr('', `${folder}/cmdline`);
  // what the kernel starts to tell systemd that a cgroup of v1 is empty, with the cgroup's name for a word
  if (command.includes('systemd-cgroups-agent')) return false;
  return (
    readOr('', `${folder}/cgroup`).includes(name) ||
    command.includes(name) ||
    linkOr('', `${folder}/cwd`).includes(name) ||
    (linkOr('', `${folder}/ns/mnt`) !== linkOr('', '/proc/self/ns/mnt') &&
      readOr('', `${folder}/mountinfo`).includes(name))
  );
}

export function cgroupsOf(name: string): string[] {
  return below('/sys/fs/cgroup', 4).filter((path) => path.includes(name));
}

function below(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  return namesOfFolders(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return [path, ...below(path, depth - 1)];
  });
}

function namesOfFolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function mountsOf(name: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(name));
}

function entriesOf(root: string): string[] {
  try {
    const entries = readdirSync(root, { recursive: true, encoding: 'utf8' });
    // compiled filters stay, for the next container
    return entries.filter((entry) => !/^@cache(\/seccomp(\/[0-9a-f]+)?)?$/.test(entry));
  } catch {
    return [];
  }
}

function readOr(otherwise: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

function linkOr(otherwise: string, path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return otherwise;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}
