/** What people are told to do next. The sentences before it are in render-error.test.ts. */
import { describe, expect, it } from 'vitest';
import { hintOf } from '../../src/base/error-hint.ts';
import type { Advice } from '../../src/base/error-hint.ts';
import { RuntError } from '../../src/base/errors.ts';
import type { ErrorCode, ErrorFacts } from '../../src/base/errors.ts';

type Case = { [C in ErrorCode]: readonly [C, ErrorFacts[C], string | undefined] }[ErrorCode];

const advice: Advice = {
  command: (words) => `runt ${words}`,
  program: 'runt',
  isRoot: true,
};
const status = (verb: string, now: string) => ({ id: 'c1', verb, status: now });
const step = (origin: string, errno: string, doing = 'do it') => ({
  origin,
  doing,
  errno,
  detail: '',
  step: 3,
});

const cases: readonly Case[] = [
  ['container-missing', { id: 'c1' }, 'to see which there are: runt list'],
  [
    'id-in-use',
    { id: 'c1' },
    'take another id, or remove that container: runt delete c1, with --force while it runs',
  ],
  ['container-not-running', { id: 'c1' }, 'to see its status: runt state c1'],
  ['wrong-status', status('start', 'running'), 'for one more process in it: runt exec c1 PROGRAM'],
  [
    'wrong-status',
    status('start', 'stopped'),
    'its process has ended: remove it with runt delete c1 and create it again',
  ],
  [
    'wrong-status',
    status('delete', 'running'),
    'end it first with runt kill c1 KILL, or do both: runt delete --force c1',
  ],
  ['wrong-status', status('exec', 'paused'), 'to let it go on: runt resume c1'],
  ['wrong-status', status('pause', 'stopped'), 'to see its status: runt state c1'],
  [
    'bundle-missing',
    { path: '/b', what: 'config' },
    'a bundle is named by --bundle; to make a config.json in /b: runt spec --bundle /b',
  ],
  [
    'record-damaged',
    { path: '/r/c1/state.json', reason: 'x' },
    'to clear it away: runt delete --force c1',
  ],
  ['system-call', { doing: 'make /run/runt', errno: 'EACCES' }, undefined],
  [
    'system-call',
    { doing: 'write the pid file /x/pid', errno: 'ENOENT' },
    'its folder has to be there',
  ],
  [
    'system-call',
    { doing: 'hand the terminal to /x', errno: 'ECONNREFUSED' },
    'a program has to listen at that socket before',
  ],
  [
    'step-failed',
    step('mounts[3]', 'EROFS'),
    'that file system is read-only, so what is mounted upon has to be in it already',
  ],
  [
    'step-failed',
    step('linux.namespaces[1]', 'ENOENT'),
    'the process whose namespace it is may have ended',
  ],
  ['step-failed', step('mounts[3]', 'EPERM'), undefined],
  [
    'step-failed',
    step('mounts[3]', 'EPERM', 'set the flags of the mount on /mnt'),
    'in a user namespace the flags that the source has must stay: give them as options, too',
  ],
  ['step-failed', step('', 'ENOENT'), undefined],
  [
    'step-failed',
    step('mounts[0]', 'ENOENT', 'open /x for the bind mount on /mnt'),
    'the source has to be there; a relative one is looked for in the bundle',
  ],
  ['usage', { text: 'File config.json exists. Remove it first' }, undefined],
  [
    'hook-failed',
    { stage: 'prestart', index: 0, reason: 'ENOENT', output: '' },
    'the path of a hook is one of the host, and of startContainer one inside of the container',
  ],
  ['hook-failed', { stage: 'prestart', index: 0, reason: 'exit status 1', output: '' }, undefined],
  [
    'executable-missing',
    { name: 'x', errno: 'ENOENT' },
    'it is looked for inside of the container, in the folders of PATH in process.env',
  ],
  [
    'exec-failed',
    { path: '/x', errno: 'ENOEXEC' },
    'it is a script without #!, or made for another processor',
  ],
  [
    'host-lacks',
    { what: 'libseccomp.so.2', needed: 'linux.seccomp' },
    'install it: the package is called libseccomp2 or much like it',
  ],
  [
    'host-lacks',
    { what: 'AppArmor', needed: 'process.apparmorProfile' },
    'take process.apparmorProfile out of config.json',
  ],
  ['host-lacks', { what: 'a cgroup freezer', needed: 'pause and resume' }, undefined],
  ['busy', { what: 'x', cgroup: 'frozen' }, 'thaw it, or give linux.cgroupsPath another value'],
  ['busy', { what: 'x' }, undefined],
  ['systemd-missing', {}, 'leave --systemd-cgroup out: cgroups are then made without systemd'],
];

describe('hintOf', () => {
  it.each(cases)('%s %j', (code, facts, hint) => {
    expect(hintOf(new RuntError<ErrorCode>(code, facts), advice)).toBe(hint);
  });

  it('names the container that may have been meant', () => {
    const error = new RuntError('container-missing', { id: 'wbe' });
    expect(hintOf(error, { ...advice, nearest: 'web' })).toBe('did you mean web?');
  });

  it('tells who is not root, of what root could have done', () => {
    const user = { ...advice, isRoot: false };
    const hint = (errno: string) =>
      hintOf(new RuntError('system-call', { doing: 'make /run/runt', errno }), user);
    expect(hint('EACCES')).toMatch(/^you are not root/);
    expect(hint('EIO')).toBeUndefined();
  });

  it('has nothing to say of a fault in the program', () => {
    expect(hintOf(new TypeError('boom'), advice)).toBeUndefined();
  });
});
