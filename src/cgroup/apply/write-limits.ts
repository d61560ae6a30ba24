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

/** For limits that replace others: hears, of each write, how to take it back. */
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
    const undo = remember && undoFor(write, choice);
    try {
      writeControl(path, choice.file, choice.value);
      if (undo) remember(undo);
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

/** To be asked before the write; undefined for a file that cannot be read. */
function undoFor(
  { directory: { path }, line }: PlannedWrite,
  { file }: FileWrite,
): Undo | undefined {
  let before: string | undefined;
  try {
    before = readControlIfPresent(path, file)?.trim();
  } catch {
    // a file that only takes orders
  }
  if (before === undefined) return undefined;
  const lines = before.split('\n');
  const values =
    line === undefined
      ? lines.flatMap((text) => toWrite(file, text))
      : [lines.find((text) => text.startsWith(`${line.key} `)) ?? line.reset];
  const weight = file === 'cpu.idle' && before === '0' ? weightOf(path) : undefined;
  return () => {
    writeControl(path, file, ...values);
    if (weight) writeControl(path, weight.file, weight.value);
  };
}

/** The kernel forgets it when a cgroup becomes idle. */
function weightOf(path: string): FileWrite | undefined {
  for (const file of ['cpu.shares', 'cpu.weight']) {
    const value = readControlIfPresent(path, file)?.trim();
    if (value !== undefined) return { file, value };
  }
  return undefined;
}

/** What puts a line of a file back that reads otherwise than it is written. */
function toWrite(file: string, text: string): readonly string[] {
  if (file === 'memory.oom_control') return /^oom_kill_disable (\d)$/.exec(text)?.slice(1) ?? [];
  // the kernel does not notice a write of nothing
  return [text === '' ? '\n' : text];
}
