/** config.md#process: what the user's program is, who it is, and what it finds itself with. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { type Case, inside, life, refused } from '../case.ts';
import { act, mountLines } from '../report.ts';

const process = 'config.md#process';

export const processCases: readonly Case[] = [
  inside([process, 'MUST', 'without terminal there is none'], {
    check: ({ report }) => deepEqual(report.terminal.streams, [false, false, false]),
  }),
  inside([process, 'MUST', 'with terminal the streams are a pseudoterminal'], {
    change: { '/process/terminal': true },
    terminal: true,
    check: ({ report }) => {
      deepEqual(report.terminal.streams, [true, true, true]);
      equal(report.session, report.pid);
    },
  }),
  inside([process, 'MUST', 'the terminal has the size that consoleSize asks for'], {
    change: { '/process/terminal': true, '/process/consoleSize': { height: 33, width: 77 } },
    terminal: true,
    needs: () =>
      'in the foreground the size is that of the terminal outside; test/e2e asks over a console socket',
    check: ({ report }) => deepEqual([report.terminal.height, report.terminal.width], [33, 77]),
  }),
  inside([process, 'MUST', 'consoleSize is ignored without a terminal'], {
    change: { '/process/consoleSize': { height: 33, width: 77 } },
    check: ({ report }) => deepEqual(report.terminal.streams, [false, false, false]),
  }),
  inside([process, 'MUST', 'the program starts in cwd'], {
    change: { '/process/cwd': '/etc' },
    check: ({ report }) => equal(report.cwd, '/etc'),
  }),
  inside([process, 'MUST', 'a cwd that is missing is made'], {
    change: { '/process/cwd': '/made/here' },
    check: ({ report }) => equal(report.cwd, '/made/here'),
  }),
  refused([process, 'MUST', 'cwd is required'], {
    change: { '/process/cwd': undefined },
    finding: { code: 'schema/required', pointer: '/process/cwd' },
  }),
  refused([process, 'MUST', 'a relative cwd is an error'], {
    change: { '/process/cwd': 'etc' },
    finding: { code: 'process-cwd', pointer: '/process/cwd' },
    peers: { crun: 'reads it from /' },
  }),
  inside([process, 'MUST', 'the environment is env, in its order'], {
    change: { '/process/env': ['PATH=/bin', 'HOME=/h', 'B=2', 'A=1', 'E='] },
    check: ({ report }) => deepEqual(report.env, ['PATH=/bin', 'HOME=/h', 'B=2', 'A=1', 'E=']),
  }),
  inside([process, 'MUST', 'nothing of the runtime’s own environment comes in'], {
    change: { '/process/env': ['PATH=/bin', 'HOME=/'] },
    check: ({ report }) => equal(report.env.length, 2),
  }),
  refused([process, 'MUST', 'an entry of env without = is an error'], {
    change: { '/process/env': ['NOVALUE'] },
    finding: { code: 'process-env', pointer: '/process/env/0' },
    peers: {
      crun: 'hands it to execve, which takes any text',
    },
  }),
  inside([process, 'MUST', 'args are the program’s argv, unchanged'], {
    change: { '/process/args': ['/bin/probe', 'exit', 'two words', '', '"quoted" \\ $HOME *'] },
    check: ({ report }) =>
      deepEqual(report.argv, ['/bin/probe', 'exit', 'two words', '', '"quoted" \\ $HOME *']),
  }),
  inside([process, 'MUST', 'args[0] without a slash is looked for in PATH'], {
    change: { '/process/args': ['probe'], '/process/env': ['PATH=/nowhere:/bin'] },
    check: ({ report }) => equal(report.argv[0], 'probe'),
  }),
  life([process, 'MUST', 'a program that does not exist is an error, at the latest of start'], {
    change: { '/process/args': ['/no/such'] },
    live: ({ create, start, state }) => {
      if (create().status === 0) notEqual(start().status, 0);
      notEqual(state()?.status, 'running');
    },
  }),
  refused([process, 'MUST', 'args with no entry is an error'], {
    change: { '/process/args': [] },
    finding: { code: 'process-args', pointer: '/process/args' },
  }),
  refused([process, 'MUST', 'a process without args is an error'], {
    change: { '/process/args': undefined },
    finding: { code: 'process-args', pointer: '/process/args' },
    peers: { crun: 'looks at args at start' },
  }),
  inside(['config.md#posix-platform-user', 'MUST', 'uid and gid are the process’s'], {
    change: { '/process/user': { uid: 1234, gid: 4321 } },
    check: ({ report }) => {
      deepEqual(report.uid, { real: 1234, effective: 1234, saved: 1234 });
      deepEqual(report.gid, { real: 4321, effective: 4321, saved: 4321 });
    },
  }),
  inside(['config.md#posix-platform-user', 'MUST', 'additionalGids are added'], {
    change: { '/process/user': { uid: 1, gid: 1, additionalGids: [5, 6, 70000] } },
    check: ({ report }) => {
      for (const gid of [5, 6, 70000]) ok(report.groups.includes(gid), `${gid}`);
    },
  }),
  inside(['config.md#posix-platform-user', 'MUST', 'no group of the runtime is left'], {
    change: { '/process/user': { uid: 1, gid: 1 } },
    check: ({ report }) =>
      deepEqual(
        report.groups.filter((gid) => gid !== 1),
        [],
      ),
  }),
  inside(['config.md#posix-platform-user', 'MUST', 'umask is set'], {
    change: { '/process/user': { uid: 0, gid: 0, umask: 0o057 } },
    check: ({ report }) => equal(report.umask, 0o057),
  }),
  inside(['config.md#posix-platform-user', 'SHOULD', 'without umask the caller’s is kept'], {
    check: ({ report, host }) => equal(report.umask, host.umask),
  }),
  refused(['config.md#posix-platform-user', 'MUST', 'uid is required'], {
    change: { '/process/user': { gid: 0 } },
    finding: { code: 'schema/required', pointer: '/process/user/uid' },
    peers: { runc: 'Go reads a missing number as 0', crun: 'reads a missing number as 0' },
  }),
  refused(['config.md#posix-platform-user', 'MUST', 'a uid beyond 32 bits is an error'], {
    change: { '/process/user': { uid: 4294967296, gid: 0 } },
    finding: { code: 'schema/maximum', pointer: '/process/user/uid' },
  }),
  refused(['config.md#posix-platform-user', 'MUST', 'a negative gid is an error'], {
    change: { '/process/user': { uid: 0, gid: -1 } },
    finding: { code: 'schema/minimum', pointer: '/process/user/gid' },
  }),
  refused(['config.md#posix-platform-user', 'MUST', 'a uid that is a name is an error'], {
    change: { '/process/user': { uid: 'root', gid: 0 } },
    finding: { code: 'schema/type', pointer: '/process/user/uid' },
  }),
  refused([process, 'MUST', 'terminal is a boolean'], {
    change: { '/process/terminal': 'no' },
    finding: { code: 'schema/type', pointer: '/process/terminal' },
  }),
  refused([process, 'MUST', 'a console size needs both of its numbers'], {
    change: { '/process/terminal': false, '/process/consoleSize': { height: 3 } },
    finding: { code: 'schema/required', pointer: '/process/consoleSize/width' },
    peers: {
      runc: 'ignores consoleSize without a terminal before it looks at it',
      crun: 'ignores consoleSize without a terminal before it looks at it',
    },
  }),
  inside(['config-linux.md#default-filesystems', 'SHOULD', 'proc, sys, pts and shm are there'], {
    check: ({ report }) => {
      const types = new Map(mountLines(report).map((line) => [line.target, line.type]));
      equal(types.get('/proc'), 'proc');
      equal(types.get('/sys'), 'sysfs');
      equal(types.get('/dev/pts'), 'devpts');
      equal(types.get('/dev/shm'), 'tmpfs');
    },
  }),
  inside(['runtime.md#lifecycle', 'MUST', 'the status of run is that of the program'], {
    ask: ['exit 42'],
    check: ({ status }) => equal(status, 42),
  }),
  inside(['runtime.md#lifecycle', 'MUST', 'the program is process 1 of its own pid namespace'], {
    ask: ['list /proc'],
    check: ({ report }) => {
      equal(report.pid, 1);
      const others = act(report).names?.filter((name) => /^\d+$/.test(name));
      deepEqual(others, ['1']);
      match(report.namespaces['pid'] ?? '', /pid:/);
    },
  }),
];
