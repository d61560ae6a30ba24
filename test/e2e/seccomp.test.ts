/** `linux.seccomp`: what a filter does to a container's processes. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { syscallProbe } from '../support/probe.ts';
import { runtimes } from '../support/runtimes.ts';
import { deny, filter, noNewPrivileges, user, writable } from '../support/seccomp-changes.ts';
import { type Stage, until, useStage } from '../support/stage.ts';

/** The probe's lines: what became of each call. */
async function probed(stage: Stage, words: readonly string[], ...changes: readonly Change[]) {
  const bundle = stage.bundle(setArgs('/bin/syscalls', ...words), ...changes);
  copyFileSync(syscallProbe(), join(bundle, 'rootfs/bin/syscalls'));
  const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
  return stdout.trimEnd().split('\n');
}

describe.runIf(process.arch === 'x64').each(runtimes)('seccomp by $name', (runtime) => {
  const stage = useStage(runtime);

  it.each([
    ['SCMP_ACT_ERRNO', undefined, '83 1'],
    ['SCMP_ACT_ERRNO', 38, '83 38'],
    ['SCMP_ACT_KILL', undefined, '83 signal 31'],
    ['SCMP_ACT_KILL_THREAD', undefined, '83 signal 31'],
    ['SCMP_ACT_KILL_PROCESS', undefined, '83 signal 31'],
    ['SCMP_ACT_TRAP', undefined, '83 signal 31'],
    // nobody traces: ENOSYS
    ['SCMP_ACT_TRACE', 7, '83 38'],
    // -1 is no address
    ['SCMP_ACT_LOG', undefined, '83 14'],
  ] as const)('%s %s', async (action, errnoRet, expected) => {
    expect(await probed(stage, ['83', '39'], deny(action, errnoRet))).toEqual([expected, '39 ok']);
  });

  it.each([
    [true, 0],
    [true, 1000],
    [false, 0],
    [false, 1000],
  ])('with noNewPrivileges %s, as user %i', async (on, uid) => {
    const script = `mkdir /tmp/x 2>&1; grep -E '^(Seccomp|NoNewPrivs|CapPrm|CapEff|CapBnd):' /proc/self/status | tr -d '\\t'`;
    const lines = await stage.lines(
      sh(script),
      deny('SCMP_ACT_ERRNO'),
      noNewPrivileges(on),
      user(uid),
    );
    const capabilities = uid === 0 ? '0000000020000420' : '0000000000000000';
    expect(lines).toEqual([
      `mkdir: can't create directory '/tmp/x': Operation not permitted`,
      `CapPrm:${capabilities}`,
      `CapEff:${capabilities}`,
      'CapBnd:0000000020000420',
      `NoNewPrivs:${on ? 1 : 0}`,
      'Seccomp:2',
    ]);
  });

  it('compares arguments', async () => {
    const args = [{ index: 0, value: 0xf0, valueTwo: 0x10, op: 'SCMP_CMP_MASKED_EQ' as const }];
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['umask'], action: 'SCMP_ACT_ERRNO', errnoRet: 99, args }],
    };
    expect(await probed(stage, ['95:0x10', '95:0x1f', '95:0x20', '95:0'], filter(profile))).toEqual(
      ['95:0x10 99', '95:0x1f 99', '95:0x20 ok', '95:0 ok'],
    );
  });

  it('knows the calls of 32-bit programs where the profile lists them', async ({ skip }) => {
    const [unfiltered] = await probed(stage, ['x86:20']);
    if (unfiltered !== 'x86:20 ok') return skip('this host has no 32-bit calls');
    const rule = { names: ['mkdir'], action: 'SCMP_ACT_ERRNO' as const, errnoRet: 99 };
    const profile = (architectures: Seccomp['architectures']): Seccomp => ({
      defaultAction: 'SCMP_ACT_ALLOW',
      ...(architectures && { architectures }),
      syscalls: [rule],
    });
    const both = filter(profile(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']));
    expect(await probed(stage, ['83', 'x86:39', 'x86:20'], both)).toEqual([
      '83 99',
      'x86:39 99',
      'x86:20 ok',
    ]);
    expect(await probed(stage, ['83', 'x86:39'], filter(profile(undefined)))).toEqual([
      '83 99',
      'x86:39 signal 31',
    ]);
  });

  it('filters what exec starts, too', async () => {
    const { id } = await stage.detached(
      setArgs('sleep', '100'),
      deny('SCMP_ACT_ERRNO', 38),
      writable,
    );
    for (const uid of ['0', '1000']) {
      const ended = await stage.call(['exec', '--user', uid, id, 'mkdir', '/tmp/x']);
      expect(ended).toMatchObject({ status: 1 });
      expect(ended.stderr).toContain('Function not implemented');
    }
    await stage.remove(id);
  });

  it('filters a container that was created and then started', async () => {
    const bundle = stage.bundle(
      sh('mkdir /tmp/x; echo $? > /tmp/status'),
      deny('SCMP_ACT_ERRNO'),
      writable,
    );
    const id = stage.id();
    await stage.ok(['create', '-b', bundle, id]);
    await stage.ok(['start', id]);
    const file = join(bundle, 'rootfs/tmp/status');
    await until(() => existsSync(file) && readFileSync(file, 'utf8') === '1\n', 'the program');
    await stage.remove(id);
  });

  it.each([
    [undefined, 4],
    [[], 0],
    [['TSYNC'], 0],
    [['LOG'], 2],
    [['SPEC_ALLOW'], 4],
    [['TSYNC', 'LOG', 'SPEC_ALLOW'], 6],
  ])('flags %s', async (names, expected) => {
    const flags = names?.map((name) => `SECCOMP_FILTER_FLAG_${name}`) as Seccomp['flags'];
    const bundle = stage.bundle(
      setArgs('true'),
      filter({ defaultAction: 'SCMP_ACT_ALLOW', ...(flags && { flags }) }),
    );
    const { stderr } = await stage.ok(['--debug', 'run', '-b', bundle, stage.id()]);
    expect(stderr).toContain(`"seccomp filter flags: ${expected}"`);
  });

  it('a call newer than the profile is unknown, one of its time is denied', async () => {
    const names =
      'read write close fork wait4 pipe pipe2 exit exit_group execve brk mmap munmap mprotect arch_prctl set_tid_address rt_sigaction rt_sigprocmask setitimer ioctl writev clone gettid rseq'.split(
        ' ',
      );
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86_64'],
      syscalls: [{ names: names.filter((name) => name !== 'rseq'), action: 'SCMP_ACT_ALLOW' }],
    };
    // pipe2 is 293, the newest
    expect(await probed(stage, ['292', '294', '435', '500'], filter(profile))).toEqual([
      '292 1',
      '294 38',
      '435 38',
      '500 38',
    ]);
  });

  it('startContainer hooks run under it', async () => {
    const bundle = stage.bundle(setArgs('true'), deny('SCMP_ACT_KILL'), (config) => {
      config.hooks = { startContainer: [{ path: '/bin/mkdir', args: ['mkdir', '/tmp/x'] }] };
    });
    const { status, message } = await stage.call(['run', '-b', bundle, stage.id()]);
    expect(status).toBe(1);
    expect(message).toContain('error running startContainer hook');
    expect(message).toContain('bad system call');
  });

  it('a program that may not be exec’ed is told of', async () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        { names: ['execve', 'sendmsg', 'recvmsg', 'prctl', 'capset'], action: 'SCMP_ACT_ERRNO' },
      ],
    };
    const { status, message } = await stage.run(setArgs('true'), filter(profile));
    expect(status).not.toBe(0);
    expect(message).toContain('operation not permitted');
  });

  it('asks of a profile no call but execve', async () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      syscalls: [{ names: ['execve', 'write', 'exit', 'exit_group'], action: 'SCMP_ACT_ALLOW' }],
    };
    for (const on of [true, false]) {
      // the program itself gets no further than its first other call
      const ended = await stage.run(
        setArgs('true'),
        filter(profile),
        noNewPrivileges(on),
        user(1000),
      );
      expect(ended).toMatchObject({ status: 128 + 31, stderr: '' });
    }
  });

  it('plan prints it with its length', async () => {
    const { stdout } = await stage.ok([
      'plan',
      stage.bundle(setArgs('true'), deny('SCMP_ACT_ERRNO')),
    ]);
    expect(stdout).toMatch(/ seccomp\(flags=4, program=<\d+ instructions>\) {2}# linux\.seccomp\n/);
    expect(existsSync(`${stage.root}/@cache`)).toBe(false);
  });

  it.each([
    [{ defaultAction: 'SCMP_ACT_NONE' }, '/linux/seccomp/defaultAction'],
    [{ defaultAction: 'SCMP_ACT_NOTIFY' }, 'SCMP_ACT_NOTIFY cannot be used as default action'],
    [{ defaultAction: 'SCMP_ACT_ALLOW', flags: ['X'] }, '/linux/seccomp/flags/0'],
    [{ defaultAction: 'SCMP_ACT_ALLOW', architectures: ['X'] }, '/linux/seccomp/architectures/0'],
    [
      {
        defaultAction: 'SCMP_ACT_ALLOW',
        listenerPath: '/x',
        syscalls: [{ names: ['write'], action: 'SCMP_ACT_NOTIFY' }],
      },
      'SCMP_ACT_NOTIFY cannot be used for the write syscall',
    ],
    [
      {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [
          {
            names: ['read'],
            action: 'SCMP_ACT_ERRNO',
            args: [{ index: 6, op: 'SCMP_CMP_EQ', value: 0 }],
          },
        ],
      },
      '/linux/seccomp/syscalls/0/args/0/index',
    ],
    [
      { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_S390X'] },
      'SCMP_ARCH_S390X in libseccomp',
    ],
  ])('refuses %j', async (profile, words) => {
    const { status, message } = await stage.run(setArgs('true'), filter(profile as Seccomp));
    expect(status).toBe(1);
    expect(message).toContain(words);
  });
});
