/** `doctor` on this host: what it says must be what the host does. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../src/runtime/requests.ts';
import { runtimes } from '../support/runtimes.ts';
import { type CallOptions, useStage } from '../support/stage.ts';

const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

describe.each(runtimes)('doctor of $name', (runtime) => {
  const stage = useStage(runtime);

  const report = async (options: CallOptions = {}) => {
    const { stdout, status } = await stage.call(['doctor', '--format', 'json'], options);
    const told = JSON.parse(stdout) as DoctorReport;
    expect(status).toBe(told.containersRun ? 0 : 1);
    const of = (name: string) => told.checks.find((check) => check.name === name);
    return { ...told, of };
  };

  it('refuses an argument', async () => {
    expect(await stage.call(['doctor', 'x'])).toMatchObject({ status: 1 });
  });

  it('says that containers run where these tests do, and makes nothing', async () => {
    const { containersRun, facts, checks } = await report();
    expect(containersRun).toBe(true);
    expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(facts.system.release).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
    expect(facts.state).toMatchObject({ path: stage.root, exists: false, writable: true });
    expect(facts.cgroups.hierarchies.length).toBeGreaterThan(0);
  });

  it('is text without colours where nobody looks', async () => {
    const { stdout } = await stage.ok(['doctor']);
    expect(stdout).toMatch(/^ok {4}kernel/);
    expect(stdout).toMatch(/\ncontainers can run here: .* in order\n$/);
    expect(stdout).not.toContain('\u001B');
  });

  it('finds what a caller is kept from', async () => {
    const through = ['setpriv', '--bounding-set', '-sys_admin,-sys_time'];
    const { containersRun, facts, of } = await report({ through });
    expect(containersRun).toBe(false);
    expect(facts.caller.lacking).toEqual(expect.arrayContaining(['CAP_SYS_ADMIN', 'CAP_SYS_TIME']));
    expect(of('capabilities')).toMatchObject({ verdict: 'fail' });
  });

  it('finds cgroups that are read-only, and a state folder that is', async () => {
    const script =
      'for m in $(findmnt -Rlno TARGET /sys/fs/cgroup); do mount -o bind,remount,ro $m; done; ' +
      'mount -t tmpfs -o ro,noexec tmpfs "$0" && exec "$@"';
    const { of, facts } = await report({
      through: ['unshare', '-m', 'sh', '-c', script, stage.folder],
    });
    expect(of('cgroups')).toMatchObject({ verdict: 'fail' });
    expect(of('state')).toMatchObject({ verdict: 'fail' });
    expect(facts.state).toMatchObject({ readOnly: true, noexec: true, inMemory: true });
  });

  it('judges for a plain user what that user needs', async () => {
    const own = join(stage.folder, 'own');
    mkdirSync(own, { mode: 0o777 });
    const global = ['--root', join(own, 'root')];
    const locked = await report({ through: nobody });
    expect(locked.of('state')).toMatchObject({ verdict: 'fail' });
    expect(locked.of('capabilities')).toBeUndefined();
    const { facts, of } = await report({ through: [...nobody, 'unshare', '-U'], global });
    expect(facts.caller).toMatchObject({ inUserNamespace: true });
    expect(of('id-maps')).toBeDefined();
  });

  it('finds user namespaces that are switched off', async () => {
    const script = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"';
    const { of } = await report({
      through: ['unshare', '-Ur', 'unshare', '-Urm', 'sh', '-c', script, 'sh'],
    });
    expect(of('user-namespaces')).toMatchObject({
      verdict: 'fail',
      todo: ['sysctl -w user.max_user_namespaces=15000'],
    });
  });

  it("finds runt in a user's configuration of Podman", async () => {
    const home = join(stage.folder, 'home');
    mkdirSync(join(home, '.config/containers'), { recursive: true });
    const conf = `[engine]\nruntime = "mine"\n[engine.runtimes]\nmine = ["${runtime.path}"]\n`;
    writeFileSync(join(home, '.config/containers/containers.conf'), conf);
    const { facts, of } = await report({ env: { HOME: home } });
    const podman = facts.clients.find(({ client }) => client === 'podman');
    expect(podman).toMatchObject({
      byDefault: 'mine',
      runtimes: [{ name: 'mine', path: runtime.path, program: 'there' }],
    });
    expect(of('podman')?.says).toContain('knows it as mine');
  });
});
