/**
 * What many cases of a peer have in common, said once. A reason of one case alone stands beside that case.
 */
import type { Case } from './case.ts';

interface Family {
  readonly peer: 'runc' | 'crun';
  /** Of the section and the requirement. */
  readonly where: RegExp;
  readonly why: string;
}

const families: readonly Family[] = [
  {
    peer: 'crun',
    where: /a bundle of version 1\.[23]\.0 runs/,
    why: '1.8.1 is older than this version of the specification and refuses it',
  },
  {
    peer: 'crun',
    where: /mount-options r\w+ and then r/,
    why: 'adds up recursive options; a later one takes nothing back, and none of the access times can be set',
  },
  {
    peer: 'crun',
    where: /mount-options (rnodiratime|rnoatime|rstrictatime), on a tree/,
    why: 'sets an access time without clearing the old one, which mount_setattr(2) refuses',
  },
  {
    peer: 'crun',
    where: /mount-options \w+ and then \w+, on a tmpfs/,
    why: 'adds options up; a later one takes nothing back',
  },
  {
    peer: 'crun',
    where:
      /^(memory less memory|cpu a (CPU|node) that|block-io a |huge-page-limits a page size|network \S+ on a host|unified (on|a key))/,
    why: 'create fails, but leaves the cgroups that it had made',
  },
  {
    peer: 'runc',
    where: /mount-options r\w+ and then r/,
    why: '1.1.5 clears and sets in one call, where what is set wins',
  },
  {
    peer: 'runc',
    where: /mount-options defaults/,
    why: '1.1.5 gives the word to the file system, which refuses it on this kernel',
  },
  {
    peer: 'crun',
    where: /sets the propagation of a bind mount|slave is the propagation of the root/,
    why: '1.8.1 leaves the mount private as seen from inside',
  },
  {
    peer: 'runc',
    where: /(shared|slave) is the propagation of the root/,
    why: '1.1.5 leaves the root private as seen from inside',
  },
  {
    peer: 'runc',
    where: /unbindable is the propagation of the root/,
    why: '1.1.5 makes all mounts unbindable first, and then has to bind the root',
  },
  {
    peer: 'runc',
    where: /FLAG_\w+ is taken/,
    why: '1.1.5 does not support flags and says so',
  },
  {
    peer: 'crun',
    where: /is a boolean|a uid that is a name/,
    why: 'its generated parser reads what is no boolean or number as nothing',
  },
  {
    peer: 'crun',
    where: /time namespace|moved by their offsets/,
    why: '1.8.1 is older than time namespaces, or fails to make one on this kernel',
  },
  {
    peer: 'crun',
    where: /after a \w+ hook that fails, poststop/,
    why: 'undoes a failed create without calling poststop hooks',
  },
  {
    peer: 'crun',
    where: /startContainer hooks get|poststop hooks get their args|of all kinds are called/,
    why: 'seen: a state with another bundle, or a hook that wrote nothing; why was not looked into',
  },
  {
    peer: 'crun',
    where: /hook that fails is an error of start/,
    why: 'fails start and lets the container be: runc and the specification end it',
  },
  {
    peer: 'runc',
    where: /create runs the hooks of create|poststart hooks get the state/,
    why: '1.1.5 runs poststart hooks in create',
  },
  {
    peer: 'runc',
    where: /a poststart hook that fails/,
    why: '1.1.5 runs poststart hooks in create, which fails instead',
  },
];

export function reasonOf(one: Case, peer: 'runc' | 'crun'): string | undefined {
  const text = `${one.section.replace(/^.*#/, '')} ${one.says}`;
  return (
    one.peers?.[peer] ??
    families.find((family) => family.peer === peer && family.where.test(text))?.why
  );
}
