/**
 * What a client has left: processes below the keeper, mounts, cgroups that bear the ground's name.
 */
import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { cgroupsOf } from '../support/leftovers.ts';

/** All that came of `keeper` but those of `spared` and what these are below: one line each. */
export function processesBelow(keeper: number, spared: readonly number[]): string[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => processOf(Number(entry)) ?? []);
  const below = (parent: number): Process[] =>
    all
      .filter((one) => one.parent === parent && !spared.includes(one.pid))
      .flatMap((one) => [one, ...below(one.pid)]);
  return [keeper, ...spared]
    .flatMap(below)
    .filter(({ state }) => state !== 'Z')
    .map(({ pid, command }) => `process ${pid} (${command})`);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

function processOf(pid: number): Process | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(parent), state, command: command.slice(0, 120) };
  } catch {
    // it has ended
    return undefined;
  }
}

/** Targets of mounts in this namespace. */
export const mounts = (): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');

/** One line for each cgroup that is left; the parent of them all, which a client makes and keeps, may be there and is removed. */
export function cgroupsLeft(name: string): string[] {
  const isParent = (path: string): boolean => [name, `${name}.slice`].includes(basename(path));
  const found = cgroupsOf(name).toReversed();
  const left = found.filter((path) => !isParent(path));
  for (const path of found) {
    thaw(path);
    try {
      rmdirSync(path);
    } catch {
      if (isParent(path) && left.length === 0) left.push(path);
    }
  }
  return left.map((path) => `cgroup ${path}`);
}

/** A frozen process does not die. */
function thaw(path: string): void {
  for (const [file, value] of [
    ['freezer.state', 'THAWED'],
    ['cgroup.freeze', '0'],
  ] as const)
    try {
      writeFileSync(`${path}/${file}`, value, { flag: 'r+' });
    } catch {
      // the file is another version's
    }
}
