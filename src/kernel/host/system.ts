/**
 * The kernel, for a report: its calls, tried; its namespaces and their limits; what lies over /proc.
 */
import { readdirSync } from 'node:fs';
import { errnoName } from '../../base/errno-text.ts';
import { unescapeOctal } from '../../base/octal.ts';
import type { CallAnswer, SystemFacts, UserNamespaceFacts } from '../../doctor/facts.ts';
import type { KernelFacts } from '../../plan/input.ts';
import { librunt } from '../librunt.ts';
import { numberOf, textOf } from './read.ts';

export function systemFacts(
  { cloneIntoCgroup, joinByPidfd }: KernelFacts,
  privileged: boolean,
): SystemFacts {
  const image = librunt().tryImage();
  return {
    release: textOf('/proc/sys/kernel/osrelease')?.trim() ?? '',
    architecture: process.arch === 'arm64' ? 'aarch64' : 'x86_64',
    calls: callAnswers(privileged),
    cloneIntoCgroup,
    joinByPidfd,
    namespaces: namespaceKinds(),
    namespaceLimits: namespaceLimits(),
    ...(image < 0 && { imageRefused: errnoName(-image) }),
    coveredProc: coveredProc(textOf('/proc/self/mountinfo') ?? ''),
  };
}

function callAnswers(privileged: boolean): Readonly<Record<string, CallAnswer>> {
  const told = librunt().tryCalls();
  const answers: [name: string, answer: CallAnswer][] = [];
  for (let i = 0; i + 2 < told.length; i += 3) {
    const answer = answerOf(Number(told[i + 1]), told[i + 2] === true && !privileged);
    answers.push([String(told[i]), answer]);
  }
  return Object.fromEntries(answers);
}

function answerOf(result: number, lacksRights: boolean): CallAnswer {
  const errno = result < 0 ? errnoName(-result) : '';
  if (errno === 'ENOSYS') return 'absent';
  if (errno !== 'EPERM') return 'there';
  return lacksRights ? 'unknown' : 'refused';
}

/** `pid_for_children` and its like are no kinds of their own. */
function namespaceKinds(): readonly string[] {
  try {
    return readdirSync('/proc/self/ns')
      .filter((name) => !name.includes('_'))
      .toSorted();
  } catch {
    return [];
  }
}

function namespaceLimits(): Readonly<Record<string, number>> {
  const kinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const limit = numberOf(`/proc/sys/user/max_${kind}_namespaces`);
      return limit === undefined ? [] : [[kind, limit]];
    }),
  );
}

/** binfmt_misc hangs in a folder that is always empty, which the kernel lets pass. */
function coveredProc(mountinfo: string): readonly string[] {
  const points = mountinfo.split('\n').map((line) => unescapeOctal(line.split(' ', 5)[4] ?? ''));
  const below = points.filter(
    (point) => point.startsWith('/proc/') && point !== '/proc/sys/fs/binfmt_misc',
  );
  return [...new Set(below)];
}

export function userNamespaceFacts(): UserNamespaceFacts {
  const result = librunt().tryUserNamespace();
  const unprivileged = numberOf('/proc/sys/kernel/unprivileged_userns_clone');
  const apparmor = numberOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns');
  return {
    ...(result < 0 && { refused: errnoName(-result) }),
    ...(unprivileged !== undefined && { unprivilegedClone: unprivileged !== 0 }),
    ...(apparmor !== undefined && { apparmorRestricts: apparmor !== 0 }),
  };
}

/** Why the kernel takes no device program, tried; undefined when it does. */
export function deviceProgramRefused(): string | undefined {
  const result = librunt().tryDeviceProgram();
  return result < 0 ? errnoName(-result) : undefined;
}
