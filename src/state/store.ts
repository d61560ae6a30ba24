/**
 * The folder of containers: <root>/<id>/ with the record, the config as it was at create, and the start socket.
 *
 * Atomic: a record is written beside and renamed; a folder appears by one mkdir. Locked: whoever changes a container
 * holds flock(2) on its folder, which the kernel lets go of when the holder dies.
 */
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { RuntError } from '../base/errors.ts';
import type { Resources } from '../bundle/config.ts';
import {
  type ContainerOutline,
  type ContainerRecord,
  parseOutline,
  parseRecord,
  recordText,
} from './record.ts';

/** An open and locked container folder; `release` closes it, which unlocks it. */
export interface Held {
  readonly id: string;
  readonly path: string;
  readonly folder: number;
  release(): void;
}

export interface Store {
  readonly root: string;
  has(id: string): boolean;
  /** Makes the container's folder and holds it; fails with `id-in-use`. */
  add(id: string): Promise<Held>;
  /** Holds the container's folder, waiting for whoever holds it; fails with `container-missing`. */
  hold(id: string): Promise<Held>;
  /** Whether somebody is changing the container right now. */
  isHeld(id: string): boolean;
  /** undefined when the folder is there but no record: its maker died at once. */
  read(id: string): ContainerRecord | undefined;
  /** The same, of the first line alone. */
  readOutline(id: string): ContainerOutline | undefined;
  readConfig(id: string): string;
  write(held: Held, record: ContainerRecord): void;
  /** Whether the record is still, to the letter, what `write` wrote: then nobody has to read it. */
  stillHolds(id: string, record: ContainerRecord): boolean;
  writeConfig(held: Held, text: string): void;
  /** The limits that `update` has set; undefined while they are those of the config. */
  readResources(id: string): Resources | undefined;
  writeResources(held: Held, resources: Resources): void;
  makeNotifyFolder(held: Held): void;
  hasNotifyFolder(held: Held): boolean;
  hasStartSocket(id: string): boolean;
  removeStartSocket(held: Held): void;
  /** Removes the folder and all in it; what is gone already is no failure. */
  remove(held: Held): void;
  /** Ids in order; fails when there is no root. */
  ids(): readonly string[];
}

export const startSocket = 'start.sock';
/** A folder, since a container sees all of it; and what is in there. */
export const notifyFolder = 'notify';
export const notifySocket = 'notify.sock';
const recordFile = 'state.json';
const configFile = 'config.json';
const resourcesFile = 'resources.json';

/** flock(2) on an open folder. */
export interface Locks {
  /** Waits until nobody else holds it. */
  lock(descriptor: number): Promise<void>;
  /** false where somebody else holds it. */
  tryLock(descriptor: number): boolean;
}

const idPattern = /^[\w+.-]+$/;

/** runc's rule: letters, digits, `_ + . -`; not `.` or `..`. */
export function checkId(id: string): void {
  if (!idPattern.test(id) || id === '.' || id === '..' || id.length > 255)
    throw new RuntError('id-invalid', { id });
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}

/** Runs a file operation; its failure names what was being done. */
function attempt<T>(doing: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new RuntError('system-call', { doing, errno: errnoOf(cause) }, { cause });
  }
}

function ignoring(errno: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (errnoOf(error) !== errno) throw error;
  }
}

export function openStore(root: string, locks: Locks, rootMode = 0o711): Store {
  const pathOf = (id: string): string => {
    checkId(id);
    return `${root}/${id}`;
  };
  const held = (id: string, folder: number): Held => ({
    id,
    path: pathOf(id),
    folder,
    release: () => closeSync(folder),
  });

  return {
    root,
    has: (id) => existsSync(pathOf(id)),
    async add(id) {
      const path = pathOf(id);
      makeFolder({ root, rootMode }, path, id);
      const folder = openFolder(path, id);
      await locks.lock(folder);
      return held(id, folder);
    },
    async hold(id) {
      const path = pathOf(id);
      for (;;) {
        const folder = openFolder(path, id);
        await locks.lock(folder);
        if (isStill(path, folder)) return held(id, folder);
        // it was deleted, and perhaps made anew, while we waited
        closeSync(folder);
      }
    },
    isHeld(id) {
      const folder = openFolder(pathOf(id), id);
      try {
        return !locks.tryLock(folder);
      } finally {
        closeSync(folder);
      }
    },
    read: (id) => readRecord(pathOf(id), id, parseRecord),
    readOutline: (id) => readRecord(pathOf(id), id, parseOutline),
    stillHolds(id, record) {
      try {
        return readFileSync(`${pathOf(id)}/${recordFile}`, 'utf8') === recordText(record);
      } catch {
        return false;
      }
    },
    readConfig: (id) =>
      attempt(`read the config of container ${id}`, () =>
        readFileSync(`${pathOf(id)}/${configFile}`, 'utf8'),
      ),
    write: ({ path }, record) =>
      attempt('write the record of the container', () => {
        replaceFile(path, recordFile, recordText(record));
      }),
    readResources(id) {
      try {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `writeResources` writes there
        return JSON.parse(readFileSync(`${pathOf(id)}/${resourcesFile}`, 'utf8')) as Resources;
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return undefined;
        const path = `${pathOf(id)}/${resourcesFile}`;
        throw new RuntError('record-damaged', { path, reason: 'it is not JSON' }, { cause: error });
      }
    },
    writeResources: ({ path }, resources) =>
      attempt('keep the limits of the container', () => {
        replaceFile(path, resourcesFile, JSON.stringify(resources));
      }),
    writeConfig: ({ path }, text) =>
      attempt('keep the config of the container', () => {
        writeFileSync(`${path}/${configFile}`, text, { mode: 0o600 });
      }),
    makeNotifyFolder: ({ path }) =>
      attempt('make the folder for sd_notify', () => {
        mkdirSync(`${path}/${notifyFolder}`);
        chmodSync(`${path}/${notifyFolder}`, 0o755);
      }),
    hasNotifyFolder: ({ path }) => existsSync(`${path}/${notifyFolder}`),
    hasStartSocket: (id) => existsSync(`${pathOf(id)}/${startSocket}`),
    removeStartSocket: ({ path }) => ignoring('ENOENT', () => unlinkSync(`${path}/${startSocket}`)),
    remove: ({ path }) => attempt(`remove ${path}`, () => removeFolder(path)),
    ids: () =>
      attempt(`list the containers in ${root}`, () =>
        readdirSync(root, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
          .map((entry) => entry.name)
          .sort(),
      ),
  };
}

function readRecord<Part>(
  folder: string,
  id: string,
  parse: (text: string, path: string) => Part,
): Part | undefined {
  const path = `${folder}/${recordFile}`;
  try {
    return parse(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    openAndClose(folder, id);
    return undefined;
  }
}

/** Whoever reads meets the old text or the new one, whole. */
function replaceFile(folder: string, name: string, text: string): void {
  writeFileSync(`${folder}/.${name}`, text, { mode: 0o600 });
  renameSync(`${folder}/.${name}`, `${folder}/${name}`);
}

function makeFolder(
  { root, rootMode }: { readonly root: string; readonly rootMode: number },
  path: string,
  id: string,
): void {
  const make = () => mkdirSync(path, { mode: 0o700 });
  try {
    make();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') throw new RuntError('id-in-use', { id }, { cause: error });
    if (errno !== 'ENOENT')
      throw new RuntError('system-call', { doing: `make ${path}`, errno }, { cause: error });
    attempt(`make ${root}`, () => mkdirSync(root, { recursive: true, mode: rootMode }));
    attempt(`make ${path}`, make);
  }
}

function openFolder(path: string, id: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === 'ENOENT' || errno === 'ENOTDIR')
      throw new RuntError('container-missing', { id }, { cause });
    throw new RuntError('system-call', { doing: `open ${path}`, errno }, { cause });
  }
}

const openAndClose = (path: string, id: string): void => closeSync(openFolder(path, id));

function isStill(path: string, folder: number): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  const then = fstatSync(folder);
  return now !== undefined && now.ino === then.ino && now.dev === then.dev;
}

/** We make files, and one folder of files; anything else in there is not ours, and rmdir says so. */
function removeFolder(path: string): void {
  removeFiles(`${path}/${notifyFolder}`);
  removeFiles(path);
}

function removeFiles(path: string): void {
  ignoring('ENOENT', () => {
    for (const name of readdirSync(path)) ignoring('ENOENT', () => unlinkSync(`${path}/${name}`));
    rmdirSync(path);
  });
}
