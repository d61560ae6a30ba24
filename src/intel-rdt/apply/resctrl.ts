/**
 * The resctrl file system: makes a container's groups, writes their schemata, assigns processes, removes what was
 * made. The kernel's reason for a refusal is in info/last_cmd_status, and goes into the error.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { RuntError } from '../../base/errors.ts';
import type { IntelRdt } from '../../bundle/config.ts';
import { resctrlMountpoint } from '../plan/mountpoint.ts';
import {
  groupFolder,
  placeInResctrl,
  type RdtPlacement,
  schemataLines,
} from '../plan/placement.ts';
import { schemataMismatch } from '../plan/schemata.ts';

export interface Resctrl {
  /** Decides, and looks whether the class is there as asked for; makes nothing. */
  place(wanted: IntelRdt, id: string): RdtPlacement;
  /** Makes the groups and writes the schemata. */
  create(placement: RdtPlacement, wanted: IntelRdt): void;
  /** Other schemata for the container's group; answers with what puts the old ones back. */
  writeSchemata(placement: RdtPlacement, wanted: IntelRdt): () => void;
  /** Puts a process with a single thread into these groups. */
  assign(folders: readonly string[], pid: number): void;
  /** Removes what is the container's; what is gone already is no failure. `made`: whether the container ever was. */
  remove(placement: RdtPlacement, made: boolean): void;
}

/** What a test puts in the place of the real file system. */
export interface ResctrlHost {
  mountinfo(): string;
  /** mkdir(2); the kernel's own files come with a group. */
  makeFolder(path: string): void;
  /** rmdir(2); the kernel's own files in a group go with it. */
  removeFolder(path: string): void;
}

const thisHost: ResctrlHost = {
  mountinfo: () => readFileSync('/proc/self/mountinfo', 'utf8'),
  makeFolder: mkdirSync,
  removeFolder: rmdirSync,
};

const origin = 'linux.intelRdt';

export function resctrl(host: ResctrlHost = thisHost): Resctrl {
  const mountpoint = (): string | undefined => resctrlMountpoint(host.mountinfo());
  return {
    place(wanted, id) {
      const root = mountpoint();
      if (root === undefined)
        throw new RuntError('host-lacks', {
          what: 'a mounted resctrl file system',
          needed: origin,
        });
      return place(wanted, id, root);
    },
    create(placement, wanted) {
      const attempt = attemptsAt(mountpoint() ?? '');
      if (placement.groupEnds !== 'never')
        attempt(`make the class ${placement.group}`, () => makeGroup(host, placement));
      try {
        fill(host, placement, wanted, attempt);
      } catch (error) {
        const failures = remove(host, placement, false);
        if (error instanceof RuntError) error.cleanup.push(...failures);
        throw error;
      }
    },
    writeSchemata({ group }, wanted) {
      const attempt = attemptsAt(mountpoint() ?? '');
      const before = readIfThere(`${group}/schemata`);
      const write = (text: string) =>
        attempt(`write the schemata of ${group}`, () => writeFileSync(`${group}/schemata`, text));
      write(schemataText(wanted));
      return () => write(before);
    },
    assign(folders, pid) {
      const attempt = attemptsAt(mountpoint() ?? '');
      for (const folder of folders)
        attempt(`assign process ${pid} to ${folder}`, () =>
          writeFileSync(`${folder}/tasks`, String(pid)),
        );
    },
    remove(placement, made) {
      const [failure] = remove(host, placement, made);
      if (failure !== undefined) throw failure;
    },
  };
}

/** Another container may make the same class at this moment; its own is nobody's but this container's. */
function makeGroup(host: ResctrlHost, { group, groupEnds }: RdtPlacement): void {
  try {
    host.makeFolder(group);
  } catch (error) {
    if (groupEnds !== 'unless-made' || errnoOf(error) !== 'EEXIST') throw error;
  }
}

function fill(
  host: ResctrlHost,
  { group, monitoring }: RdtPlacement,
  wanted: IntelRdt,
  attempt: Attempt,
): void {
  const text = schemataText(wanted);
  if (text !== '')
    attempt(`write the schemata of ${group}`, () => writeFileSync(`${group}/schemata`, text));
  if (monitoring !== undefined)
    attempt(`make the monitoring group ${monitoring}`, () => host.makeFolder(monitoring));
}

const schemataText = (wanted: IntelRdt): string =>
  schemataLines(wanted)
    .map((line) => `${line}\n`)
    .join('');

function remove(
  host: ResctrlHost,
  { group, monitoring, groupEnds }: RdtPlacement,
  made: boolean,
): readonly RuntError[] {
  const leftAlone = (): boolean => readIfThere(`${group}/tasks`).trim() === '';
  const groupGoes =
    groupEnds === 'with-container' || (groupEnds === 'unless-made' && !made && leftAlone());
  return [monitoring, groupGoes ? group : undefined].flatMap((path) =>
    path === undefined ? [] : removeFolder(host, path),
  );
}

function place(wanted: IntelRdt, id: string, root: string): RdtPlacement {
  const group = groupFolder(wanted, id, root);
  const exists = existsSync(group);
  const placement = placeInResctrl(wanted, id, root, exists);
  if (placement === undefined)
    throw refusal(
      `use the class ${group}`,
      'ENOENT',
      'it must be pre-created when schemata, l3CacheSchema and memBwSchema are empty',
    );
  if (exists && wanted.closID) {
    const granularity = Number(readIfThere(`${root}/info/MB/bandwidth_gran`));
    const line = schemataMismatch(wanted, readIfThere(`${group}/schemata`), granularity);
    if (line !== undefined)
      throw refusal(`use the class ${group}`, 'EEXIST', `its schemata are not ${line}`);
  }
  return placement;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const refusal = (doing: string, errno: string, detail: string): RuntError =>
  new RuntError('step-failed', { origin, doing, errno, detail, step: 0 });

type Attempt = (doing: string, act: () => void) => void;

const attemptsAt =
  (root: string): Attempt =>
  (doing, act) => {
    try {
      act();
    } catch (cause) {
      const status = readIfThere(`${root}/info/last_cmd_status`).trim();
      throw refusal(doing, errnoOf(cause), status === 'ok' ? '' : status);
    }
  };

const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'EIO';

/** The failure, if it is one: what is not there is gone. */
function removeFolder(host: ResctrlHost, path: string): RuntError[] {
  try {
    host.removeFolder(path);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno !== 'ENOENT' && errno !== 'ENOTDIR')
      return [
        new RuntError(
          'system-call',
          { doing: `remove the resctrl group ${path}`, errno },
          { cause },
        ),
      ];
  }
  return [];
}
