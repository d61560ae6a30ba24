/** SCMP_ACT_NOTIFY: who answers for the system calls of a container. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { seccompAgent } from '../support/seccomp-agent.ts';
import { filter, noNewPrivileges, user, writable } from '../support/seccomp-changes.ts';
import { until, useStage } from '../support/stage.ts';

/** Number of x86-64 */
const mkdir = 83;

describe.runIf(process.arch === 'x64').each(runtimes)('seccomp agents by $name', (runtime) => {
  const stage = useStage(runtime);

  const notified = (listenerPath: string, names: string[], more: Partial<Seccomp> = {}) =>
    filter({
      defaultAction: 'SCMP_ACT_ALLOW',
      listenerPath,
      syscalls: [{ names, action: 'SCMP_ACT_NOTIFY' }],
      ...more,
    });

  it.each([true, false])('an agent answers; noNewPrivileges %s', async (on) => {
    const agent = await seccompAgent(stage.folder, { [mkdir]: 95 });
    try {
      const id = stage.id();
      const bundle = stage.bundle(
        sh('mkdir /tmp/x 2>&1; echo done'),
        notified(agent.path, ['mkdir'], {
          listenerMetadata: 'some words',
          flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'],
        }),
        noNewPrivileges(on),
        user(1000),
        (config) => {
          config.annotations = { long: 'x'.repeat(5000) };
        },
      );
      const { stdout, stderr } = await stage.ok(['--debug', 'run', '-b', bundle, id]);
      expect(stdout).toBe(
        "mkdir: can't create directory '/tmp/x': Operation not supported\ndone\n",
      );
      expect(stderr).toContain('"seccomp filter flags: 40"');
      const [{ state = {}, listeners } = {}] = agent.states();
      expect(listeners).toBe(1);
      expect(state).toMatchObject({
        ociVersion: '1.3.0',
        fds: ['seccompFd'],
        pid: expect.any(Number) as number,
        metadata: 'some words',
        state: { id, bundle, pid: state['pid'], status: 'created' },
      });
      expect(agent.calls()).toEqual([mkdir]);
    } finally {
      await agent.end();
    }
  });

  it('one that is asked about execve, openat, open, read, close and fcntl holds nothing up', async () => {
    const agent = await seccompAgent(stage.folder);
    try {
      const names = ['execve', 'openat', 'open', 'read', 'close', 'fcntl', 'sendmsg', 'recvmsg'];
      const changes = [notified(agent.path, names), sh('cat /etc/passwd >/dev/null; echo done')];
      expect(await stage.lines(...changes)).toEqual(['done']);
      const bundle = stage.bundle(...changes);
      const id = stage.id();
      await stage.ok(['create', '-b', bundle, id]);
      await stage.ok(['start', id], { milliseconds: 5000 });
      await stage.remove(id);
      expect(agent.calls()).toContain(59);
      expect(agent.states()).toHaveLength(2);
    } finally {
      await agent.end();
    }
  });

  it('exec’s processes have a listener of their own', async () => {
    const agent = await seccompAgent(stage.folder, { [mkdir]: 1 });
    try {
      const { id } = await stage.detached(setArgs('sleep', '100'), notified(agent.path, ['mkdir']));
      expect(await stage.call(['exec', id, 'mkdir', '/tmp/x'])).toMatchObject({ status: 1 });
      const { pid } = await stage.state(id);
      await stage.remove(id);
      const [first, second] = agent.states();
      expect(first?.state).toMatchObject({ pid, state: { pid, id } });
      expect(second?.state).toMatchObject({ state: { pid, id, status: 'running' } });
      expect(second?.state?.['pid']).not.toBe(pid);
    } finally {
      await agent.end();
    }
  });

  it('a startContainer hook inherits no descriptor of it', async () => {
    const agent = await seccompAgent(stage.folder);
    try {
      const hook = { path: '/bin/sh', args: ['sh', '-c', 'ls /proc/self/fd | wc -l > /tmp/count'] };
      const bundle = stage.bundle(
        setArgs('true'),
        writable,
        notified(agent.path, ['mkdir']),
        (config) => {
          config.hooks = { startContainer: [hook] };
          config.process.env = ['PATH=/bin'];
        },
      );
      await stage.ok(['run', '-b', bundle, stage.id()]);
      // 0, 1, 2 and the folder's own
      expect(readFileSync(`${bundle}/rootfs/tmp/count`, 'utf8').trim()).toBe('4');
    } finally {
      await agent.end();
    }
  });

  it('without an agent there is no container', async () => {
    const path = join(stage.folder, 'nobody.sock');
    const changes = [setArgs('touch', '/tmp/ran'), writable, notified(path, ['mkdir'])];
    const bundle = stage.bundle(...changes);
    const { status, message } = await stage.call(['run', '-b', bundle, stage.id()]);
    expect(status).toBe(1);
    expect(message).toContain('failed to connect with seccomp agent');
    const id = stage.id();
    await stage.ok(['create', '-b', bundle, id]);
    expect((await stage.call(['start', id])).message).toContain(
      'failed to connect with seccomp agent',
    );
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'its end');
    await stage.remove(id);
    expect(existsSync(`${bundle}/rootfs/tmp/ran`)).toBe(false);
  });

  it('a listenerPath that nothing notifies is not looked at', async () => {
    const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/nobody.sock' };
    expect(await stage.lines(sh('echo done'), filter(profile))).toEqual(['done']);
  });
});
