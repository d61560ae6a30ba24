/**
 * Who asks, for a report: ids, capabilities, and what lets a plain user map ids.
 */
import { statSync } from 'node:fs';
import type { CallerFacts, IdTool } from '../../doctor/facts.ts';
import { capabilityNames } from '../../plan/capability.ts';
import { lastCapability } from '../abilities.ts';
import { librunt } from '../librunt.ts';
import { inUserNamespace } from '../user-namespace.ts';
import { findProgram } from './programs.ts';
import { textOf } from './read.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function callerFacts(uid: number, env: Environment): CallerFacts {
  const name = nameOf(uid, textOf('/etc/passwd') ?? '');
  const status = textOf('/proc/self/status') ?? '';
  const newuidmap = idTool('newuidmap', env);
  const newgidmap = idTool('newgidmap', env);
  const rangesIn = (path: string) => countIds(textOf(path) ?? '', uid, name);
  return {
    uid,
    ...(name !== undefined && { name }),
    inUserNamespace: inUserNamespace(),
    lacking: absentOf(status, 'CapEff'),
    unreachable: absentOf(status, 'CapBnd'),
    ...(newuidmap && { newuidmap }),
    ...(newgidmap && { newgidmap }),
    subuids: rangesIn('/etc/subuid'),
    subgids: rangesIn('/etc/subgid'),
    subidsElsewhere: /^\s*subid:(?!\s*files\s*$)/m.test(textOf('/etc/nsswitch.conf') ?? ''),
  };
}

function nameOf(uid: number, passwd: string): string | undefined {
  const line = passwd.split('\n').find((text) => text.split(':')[2] === String(uid));
  return line?.split(':')[0];
}

/** The names of the bits that a set of /proc/self/status has not. */
function absentOf(status: string, set: string): readonly string[] {
  const [, hex] = new RegExp(`^${set}:\\s*([0-9a-f]+)$`, 'm').exec(status) ?? [];
  if (hex === undefined) return [];
  const bits = BigInt(`0x${hex}`);
  return capabilityNames(lastCapability()).filter((_, bit) => (bits & (1n << BigInt(bit))) === 0n);
}

/** subuid(5): user's name or id, first id, count. */
function countIds(text: string, uid: number, name: string | undefined): number {
  let count = 0;
  for (const line of text.split('\n')) {
    const [who, , size = ''] = line.split(':');
    if ((who === name || who === String(uid)) && who !== '') count += Number(size) || 0;
  }
  return count;
}

const setuidBit = 0o4000;

function idTool(name: string, env: Environment): IdTool | undefined {
  const path = findProgram(name, env);
  if (path === undefined) return undefined;
  const { mode, uid } = statSync(path);
  const isSetuid = (mode & setuidBit) !== 0 && uid === 0;
  const hasCapability = librunt().hasAttribute(path, 'security.capability') >= 0;
  return { path, privilege: isSetuid ? 'setuid' : hasCapability ? 'capability' : 'none' };
}
