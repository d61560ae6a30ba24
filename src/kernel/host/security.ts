/**
 * Seccomp and the security modules, for a report.
 */
import { existsSync } from 'node:fs';
import type { ResctrlFacts, SecurityFacts } from '../../doctor/facts.ts';
import { knowsSeccompFlags } from '../abilities.ts';
import { libseccompVersion } from '../libseccomp.ts';
import { apparmorFile, hasAppArmor } from '../security-modules.ts';
import { findProgram } from './programs.ts';
import { textOf } from './read.ts';

/** SECCOMP_FILTER_FLAG_NEW_LISTENER */
const newListener = 8;

export function securityFacts(env: Readonly<Record<string, string | undefined>>): SecurityFacts {
  const libseccomp = libseccompVersion();
  const enabled = hasAppArmor();
  const confinedBy = enabled ? ownProfile() : undefined;
  const parser = findProgram('apparmor_parser', env);
  return {
    ...(libseccomp !== undefined && { libseccomp }),
    filters: knowsSeccompFlags(0),
    notifications: knowsSeccompFlags(newListener),
    apparmor: {
      enabled,
      takesProfiles: enabled && existsSync(`/proc/${apparmorFile()}`),
      ...(confinedBy !== undefined && { confinedBy }),
      ...(parser !== undefined && { parser }),
    },
    selinux: selinuxMode(),
  };
}

/** `unconfined`, or a profile and its mode: `docker-default (enforce)`. One that only complains forbids nothing. */
function ownProfile(): string | undefined {
  const file = apparmorFile().replace(/exec$/, 'current');
  const label = textOf(`/proc/${file}`)?.trim() ?? '';
  return label.endsWith('(enforce)') ? label.replace(/ \(enforce\)$/, '') : undefined;
}

function selinuxMode(): SecurityFacts['selinux'] {
  switch (textOf('/sys/fs/selinux/enforce')?.trim()) {
    case '1':
      return 'enforcing';
    case '0':
      return 'permissive';
    case undefined:
    default:
      return 'absent';
  }
}

/** The flags of the first processor stand for all. */
export function resctrlFacts(mountpoint: string | undefined): ResctrlFacts {
  const listed = /\bresctrl$/m.test(textOf('/proc/filesystems') ?? '');
  return { offered: listed, ...(mountpoint !== undefined && { mountpoint }) };
}
