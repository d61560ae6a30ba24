import { describe, expect, it } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import type { ErrorCode, ErrorFacts } from '../../src/base/errors.ts';
import { errorDocument, renderError } from '../../src/base/render-error.ts';

type Case = { [C in ErrorCode]: readonly [C, ErrorFacts[C], string] }[ErrorCode];

const finding = {
  code: 'schema/type',
  pointer: '/mounts/3/destination',
  found: '"foo"',
  allowed: 'an absolute path',
  section: 'config.md#mounts',
};

const status = (verb: string, now: string) => ({ id: 'c1', verb, status: now });

const cases: readonly Case[] = [
  ['usage', { text: 'as given' }, 'as given'],
  ['console-rule', { text: 'as given', rule: 'needs-socket' }, 'as given'],
  [
    'bundle-missing',
    { path: '/b', what: 'config' },
    'JSON specification file config.json not found',
  ],
  ['bundle-missing', { path: '/b', what: 'folder' }, 'bundle /b: no such file or directory'],
  [
    'json-syntax',
    { path: 'config.json', line: 12, column: 5, reason: 'unexpected }' },
    'config.json:12:5: unexpected }',
  ],
  [
    'bundle-invalid',
    { path: '/b', findings: [finding] },
    '/b: /mounts/3/destination: found "foo", allowed an absolute path (config.md#mounts)',
  ],
  [
    'bundle-invalid',
    { path: '/b', findings: [{ ...finding, pointer: '' }, finding, finding] },
    '/b: document: found "foo", allowed an absolute path (config.md#mounts), and 2 more; to see them all: runt validate /b',
  ],
  ['id-invalid', { id: '..' }, 'invalid container ID format'],
  ['id-in-use', { id: 'c1' }, 'container with given ID already exists'],
  ['container-missing', { id: 'c1' }, 'container does not exist'],
  ['container-not-paused', { id: 'c1' }, 'container not paused'],
  ['wrong-status', status('update', 'stopped'), 'container not running'],
  ['wrong-status', status('events', 'stopped'), 'container with id c1 is not running'],
  [
    'limit-refused',
    {
      property: 'linux.resources.cpu.cpus',
      file: 'cpuset.cpus',
      value: '9',
      errno: 'ERANGE',
      hint: 'the cgroup above has 0-1',
    },
    'linux.resources.cpu.cpus: cannot write "9" to cpuset.cpus: numerical result out of range (ERANGE): the cgroup above has 0-1',
  ],
  ['container-not-running', { id: 'c1' }, 'container not running'],
  ['wrong-status', status('start', 'running'), 'cannot start an already running container'],
  ['wrong-status', status('start', 'stopped'), 'cannot start a container that has stopped'],
  ['wrong-status', status('start', 'paused'), 'cannot start a container in the paused state'],
  [
    'wrong-status',
    status('delete', 'running'),
    'cannot delete container c1 that is not stopped: running',
  ],
  ['wrong-status', status('exec', 'stopped'), 'cannot exec in a stopped container'],
  [
    'wrong-status',
    status('exec', 'paused'),
    'cannot exec in a paused container (use --ignore-paused to override)',
  ],
  ['wrong-status', status('pause', 'stopped'), 'container not running'],
  [
    'record-damaged',
    { path: '/r/c1', reason: 'not JSON' },
    "the container's record /r/c1 is damaged: not JSON",
  ],
  [
    'record-version',
    { path: '/r/c1', version: 9 },
    "the container's record /r/c1 has version 9: another runt wrote it",
  ],
  [
    'system-call',
    { doing: 'open /run/runt', errno: 'EACCES' },
    'cannot open /run/runt: permission denied (EACCES)',
  ],
  ['system-call', { doing: 'open /x', errno: 'errno 999' }, 'cannot open /x: errno 999'],
  [
    'step-failed',
    {
      origin: 'mounts[3]',
      doing: 'mount tmpfs on /run/lock',
      errno: 'EPERM',
      detail: '',
      step: 7,
    },
    'error mounting mounts[3]: cannot mount tmpfs on /run/lock: operation not permitted (EPERM)',
  ],
  [
    'step-failed',
    { origin: 'process.cwd', doing: 'enter /x', errno: 'ENOENT', detail: '', step: 9 },
    'process.cwd: cannot enter /x: no such file or directory (ENOENT)',
  ],
  [
    'step-failed',
    { origin: '', doing: 'pivot_root', errno: 'EINVAL', detail: 'tmpfs: Bad value', step: 7 },
    'cannot pivot_root: invalid argument (EINVAL): tmpfs: Bad value',
  ],
  [
    'executable-missing',
    { name: 'no-such-binary', errno: 'ENOENT' },
    'exec: "no-such-binary": executable file not found in $PATH',
  ],
  [
    'executable-missing',
    { name: '/x', errno: 'ENOENT' },
    'exec: "/x": stat /x: no such file or directory',
  ],
  ['executable-missing', { name: '/x', errno: 'EACCES' }, 'exec: "/x": permission denied'],
  ['init-died', { status: 'signal 9' }, "the container's init ended before it was ready: signal 9"],
  [
    'hook-failed',
    { stage: 'createRuntime', index: 1, reason: 'exit status 1', output: '' },
    'error running createRuntime hook #1: exit status 1',
  ],
  [
    'hook-failed',
    { stage: 'prestart', index: 0, reason: 'exit status 1', output: 'oh no\n' },
    'error running prestart hook #0: exit status 1, output: oh no',
  ],
  [
    'host-lacks',
    { what: 'cgroup v2', needed: 'linux.resources.unified' },
    'this host lacks cgroup v2, needed for linux.resources.unified',
  ],
  [
    'librunt-unusable',
    { path: '/lib/librunt.node', reason: 'cannot open shared object file' },
    'cannot load /lib/librunt.node: cannot open shared object file',
  ],
  ['not-supported', { property: 'linux.intelRdt' }, 'linux.intelRdt is not supported'],
  [
    'busy',
    { what: "container's cgroup unexpectedly frozen" },
    "container's cgroup unexpectedly frozen",
  ],
  [
    'bundle-invalid',
    {
      path: 'config.json',
      findings: [{ ...finding, code: 'slice-name', pointer: '/linux/cgroupsPath', found: 'a--b' }],
    },
    'config.json: /linux/cgroupsPath: invalid slice name: a--b (config.md#mounts)',
  ],
  ['systemd-missing', {}, 'systemd not running on this host, cannot use systemd cgroups manager'],
  [
    'systemd-unreachable',
    {
      user: false,
      tried: [
        { address: 'unix:path=/a', reason: 'ENOENT' },
        { address: 'unix:path=/b', reason: 'Nobody has\nthis name.' },
      ],
    },
    'cannot reach systemd: unix:path=/a: no such file or directory (ENOENT); unix:path=/b: Nobody has this name',
  ],
  [
    'systemd-unreachable',
    { user: true, tried: [] },
    "cannot reach the user's systemd: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set",
  ],
  [
    'systemd',
    { doing: 'create unit a.scope', reason: 'Unit a.scope already exists.', name: 'x.UnitExists' },
    'cannot create unit a.scope: Unit a.scope already exists',
  ],
  [
    'systemd-job',
    { verb: 'create', unit: 'a.scope', result: 'failed' },
    'error creating systemd unit `a.scope`: got `failed`',
  ],
  [
    'systemd-job',
    { verb: 'remove', unit: 'a.scope', result: 'timeout' },
    'error removing systemd unit `a.scope`: got `timeout`',
  ],
  [
    'systemd-timeout',
    { verb: 'create', unit: 'a.scope' },
    'Timeout waiting for systemd to create a.scope',
  ],
  [
    'systemd-timeout',
    { verb: 'remove', unit: 'a.scope' },
    'Timed out while waiting for systemd to remove a.scope',
  ],
];

describe('renderError', () => {
  it.each(cases)('%s %j', (code, facts, text) => {
    expect(renderError(new RuntError<ErrorCode>(code, facts))).toBe(text);
  });

  it('keeps failures of the clean-up beside the first error', () => {
    const error = new RuntError('container-missing', { id: 'c1' });
    error.cleanup.push(new RuntError('busy', { what: 'cgroup /c1 is in use' }), new Error('boom'));
    expect(renderError(error)).toBe(
      'container does not exist; and while cleaning up: cgroup /c1 is in use; and while cleaning up: boom',
    );
  });

  it('renders what is no RuntError as its message', () => {
    expect(renderError(new TypeError('boom'))).toBe('boom');
    expect(renderError('thrown text')).toBe('thrown text');
  });
});

describe('errorDocument', () => {
  it('has code, sentence, facts and clean-up', () => {
    const error = new RuntError('id-in-use', { id: 'c1' });
    expect(errorDocument(error)).toEqual({
      code: 'id-in-use',
      message: 'container with given ID already exists',
      facts: { id: 'c1' },
    });
    error.cleanup.push(new Error('boom'));
    expect(errorDocument(error).cleanup).toEqual([{ code: 'unexpected', message: 'boom' }]);
  });
});
