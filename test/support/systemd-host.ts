/**
 * A host that systemd runs: what it says of units, and processes to put into them.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { execaSync } from 'execa';
import { type ContainerUnit, containerUnit } from '../../src/cgroup/plan/unit-name.ts';
import type { UnitProperty } from '../../src/cgroup/plan/unit-property.ts';

export const systemdRuns: boolean =
  statSync('/run/systemd/system', { throwIfNoEntry: false })?.isDirectory() === true;

export const unifiedHost: boolean =
  statSync('/sys/fs/cgroup/cgroup.controllers', { throwIfNoEntry: false }) !== undefined;

/** Properties as `systemctl show` prints them. */
export function shown(unit: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  const { stdout } = execaSync('systemctl', ['show', unit, '--property', names.join(',')]);
  const entries = stdout.split('\n').map((line): [string, string] => {
    const equals = line.indexOf('=');
    return [line.slice(0, equals), line.slice(equals + 1)];
  });
  return Object.fromEntries(entries);
}

export async function shownUntil(unit: string, name: string, value: string): Promise<void> {
  while (shown(unit, name)[name] !== value) await setTimeout(50);
}

export interface Sleeper {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  end(): Promise<void>;
}

/** A process that does nothing for long. */
export function sleeper(): Sleeper {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  if (child.pid === undefined) throw new Error('sleep did not start');
  return {
    pid: child.pid,
    ended,
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Its cgroup, on v1 the one of systemd's own hierarchy. */
export function cgroupOf(pid: number): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const own = lines.find((line) => /^\d+:(?:name=systemd)?:/.test(line)) ?? '';
  return own.split(':').slice(2).join(':');
}

/** A scope that nobody else has. */
export const anyScope = (
  slice = 'runttest-a.slice',
  prefix = 'test',
  name: string = randomUUID(),
): ContainerUnit =>
  containerUnit({
    cgroupsPath: `${slice}:${prefix}:${name}`,
    id: 'c1',
    prefix: 'runt',
    defaultSlice: 'system.slice',
  });

export const tasksMax = (value: bigint): UnitProperty => ({
  name: 'TasksMax',
  signature: 't',
  value,
});

export interface UnitFile {
  readonly name: string;
  remove(): void;
}

export function unitFile(...lines: readonly string[]): UnitFile {
  const name = `runt-test-${randomUUID()}.service`;
  const path = `/run/systemd/system/${name}`;
  writeFileSync(path, `${lines.join('\n')}\n`);
  execaSync('systemctl', ['daemon-reload']);
  return {
    name,
    remove() {
      execaSync('systemctl', ['stop', name], { reject: false });
      execaSync('systemctl', ['reset-failed', name], { reject: false });
      rmSync(path);
      execaSync('systemctl', ['daemon-reload']);
    },
  };
}
