/**
 * Writes limits into control files, and takes them back.
 */
import { RuntError } from '../../base/errors.ts';
import type { FileWrite } from '../plan/limits/rule.ts';
import type { PlannedGroup, PlannedWrite } from '../plan/plan-limits.ts';
import { errnoOf, readControlIfPresent, writeControl } from './control-file.ts';
import { refusalHint } from './refusal-hint.ts';

/** Puts one file back as it was. */
export type Undo = () => void;

/** For limits that replace others: hears, before each write, how to take it back. */
export type Remember = (undo: Undo) => void;

/** Fails with `limit-refused` or `host-lacks`, which name the property; what was written before stays written. */
export function writeLimits(groups: readonly PlannedGroup[], remember?: Remember): void {
  for (const group of groups) writeGroup(group, remember);
}

/** Round after round, until all are accepted or a round brings nothing. */
function writeGroup(group: PlannedGroup, remember: Remember | undefined): void {
  let pending = group;
  for (;;) {
    const refused: PlannedWrite[] = [];
    let first: unknown;
    for (const write of pending) {
      try {
        writeOne(write, remember);
      } catch (error) {
        if (errnoOf(error) !== 'EINVAL' || group.length === 1) throw explained(write, error);
        first ??= explained(write, error);
        refused.push(write);
      }
    }
    if (refused.length === 0) return;
    if (refused.length === pending.length) throw first;
    pending = refused;
  }
}

/** The first of its files that exists. */
function writeOne(write: PlannedWrite, remember: Remember | undefined): void {
  const { path } = write.directory;
  for (const choice of write.or ? [write, write.or] : [write]) {
    if (remember) rememberFile(write, choice, remember);
    try {
      writeControl(path, choice.file, choice.value);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  if (!write.optional) throw missing(write);
}

function missing({ controller, directory, file, property }: PlannedWrite): RuntError {
  const { path, version, controllers } = directory;
  const present =
    version === 1
      ? controllers.includes(controller)
      : (readControlIfPresent(path, 'cgroup.controllers') ?? '').split(/\s+/).includes(controller);
  if (present || controller === 'cgroup')
    return new RuntError('host-lacks', { what: `the file ${file} in ${path}`, needed: property });
  // runc's words, which name the property as well
  if (property.includes('unified'))
    return new RuntError('usage', {
      text: `unified resource "${file}" can't be set: controller "${controller}" not available`,
    });
  return new RuntError('host-lacks', {
    what: `the cgroup controller ${controller} in ${path}`,
    needed: property,
  });
}

function explained(write: PlannedWrite, error: unknown): unknown {
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof RuntError) || error.code !== 'system-call')
    return error;
  const { property, file, value, directory } = write;
  return new RuntError(
    'limit-refused',
    { property, file, value, errno, hint: refusalHint(directory.path, write, errno) },
    { cause: error },
  );
}

function rememberFile(
  { directory: { path }, line }: PlannedWrite,
  { file }: FileWrite,
  remember: Remember,
): void {
  let before: string | undefined;
  try {
    before = readControlIfPresent(path, file)?.trim();
  } catch {
    // a file that only takes orders
  }
  if (before === undefined) return;
  const values =
    line === undefined
      ? before.split('\n')
      : [before.split('\n').find((text) => text.startsWith(`${line.key} `)) ?? line.reset];
  remember(() => {
    writeControl(path, file, ...values);
  });
}
