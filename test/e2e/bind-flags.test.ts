/**
 * Flags of bind mounts (runc's integration cases of mounts_sshfs.bats): bare, named, cleared; and what a user namespace
 * locks.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addMount, type Change, namespace, sh } from '../support/bundle-builder.ts';
import { executable } from '../support/runtimes.ts';
import { type Ended, useStage } from '../support/stage.ts';

const userNamespace: Change = (config) => {
  namespace('user')(config);
  config.linux.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
};

const flags = 'ro rw nosuid nodev noexec nosymfollow noatime nodiratime relatime'.split(' ');

describe('flags of bind mounts', () => {
  const stage = useStage(executable);
  /** The source is mounted where only this call sees it. */
  async function bind(own: string, options: string, ...more: Change[]): Promise<Ended> {
    const source = join(stage.folder, 'source');
    mkdirSync(source);
    const bundle = stage.bundle(
      addMount({ destination: '/mnt', type: 'bind', source, options: options.split(',') }),
      sh('awk \'$5 == "/mnt" { print $6 }\' /proc/self/mountinfo'),
      ...more,
    );
    // root of the container may not be able to make it
    mkdirSync(join(bundle, 'rootfs/mnt'));
    execFileSync('chmod', ['-R', 'a+rX', stage.folder]);
    const mount = `mount -t tmpfs tmpfs ${source} && mount -o remount,bind,${own} ${source}`;
    return stage.call(['run', '-b', bundle, stage.id()], {
      through: ['unshare', '-m', 'sh', '-c', `${mount} && exec "$@"`, 'sh'],
    });
  }

  async function shown(own: string, options: string, ...more: Change[]): Promise<string> {
    const { stdout, stderr, status } = await bind(own, options, ...more);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const found = stdout.trim().split(',');
    return flags.filter((flag) => found.includes(flag)).join(' ');
  }

  it.each([
    ['ro,noexec,nosymfollow,nodiratime', 'bind', 'ro noexec nosymfollow nodiratime relatime'],
    ['ro,noexec,nosymfollow,nodiratime', 'bind,dev', 'rw nodiratime relatime'],
    ['ro', 'bind,nosuid,nodev,rprivate', 'rw nosuid nodev relatime'],
    ['ro', 'bind,rw,nosuid,nodev,rprivate', 'rw nosuid nodev relatime'],
    ['nosuid,nodev,noexec,noatime', 'bind,dev,suid,exec,atime', 'rw noatime'],
    ['nodev,nosuid,noexec,noatime', 'bind,ro', 'ro noatime'],
    ['nodev,nosymfollow', 'bind,ro,symfollow', 'ro relatime'],
    ['nodev,nosuid,noatime', 'bind,ro,exec', 'ro noatime'],
    ['noatime', 'bind,norelatime', 'rw noatime'],
    ['noatime', 'bind,atime', 'rw noatime'],
    ['noatime', 'bind,relatime', 'rw relatime'],
    ['noatime', 'bind,nodiratime', 'rw nodiratime relatime'],
    ['nodiratime', 'bind,strictatime', 'rw'],
    ['noatime', 'bind,nodiratime,strictatime', 'rw nodiratime'],
    ['noatime', 'bind,nodiratime,norelatime', 'rw nodiratime relatime'],
  ])('%s, bound with %s', async (own, options, expected) => {
    expect(await shown(own, options)).toBe(expected);
  });

  it.each([
    ['ro,noexec,nosymfollow,nodiratime', 'bind', 'ro noexec nosymfollow nodiratime relatime'],
    ['ro,noexec,nosymfollow,nodiratime', 'bind,dev', 'ro noexec nodiratime relatime'],
    ['ro', 'bind,nosuid,nodev,rprivate', 'ro nosuid nodev relatime'],
    ['nodev,nosuid,noexec,noatime', 'bind,ro', 'ro nosuid nodev noexec noatime'],
    ['nodev,nosymfollow', 'bind,ro,symfollow', 'ro nodev relatime'],
    ['nodev,nosymfollow', 'bind,rw', 'rw nodev relatime'],
    ['nodev,nosuid,noatime', 'bind,ro,exec', 'ro nosuid nodev noatime'],
    ['strictatime', 'bind', 'rw'],
    ['noatime,nodiratime', 'bind,norelatime', 'rw noatime nodiratime'],
    ['strictatime', 'bind,nostrictatime', 'rw'],
    ['nodiratime', 'bind,diratime', 'rw nodiratime relatime'],
    ['relatime', 'bind,relatime', 'rw relatime'],
  ])('%s, bound with %s in a user namespace', async (own, options, expected) => {
    expect(await shown(own, options, userNamespace)).toBe(expected);
  });

  it.each([
    ['ro', 'bind,rw,nosuid,nodev,rprivate'],
    ['nodev,nosuid,noatime', 'bind,dev,suid,exec,atime'],
    ['noexec', 'bind,exec'],
    ['nodiratime', 'bind,strictatime'],
    ['relatime', 'bind,strictatime'],
    ['noatime', 'bind,strictatime'],
    ['relatime', 'bind,noatime'],
    ['relatime', 'bind,nodiratime'],
    ['strictatime', 'bind,relatime'],
    ['strictatime', 'bind,noatime'],
    ['noatime', 'bind,relatime'],
    ['ro', 'rbind,rrw'],
  ])('%s cannot become %s in a user namespace', async (own, options) => {
    const { status, message } = await bind(own, options, userNamespace);
    expect(status).toBe(1);
    expect(message).toMatch(/mounts\[\d+\]: cannot set the flags of the mount on \/mnt/);
    expect(message).toContain(
      'operation not permitted (EPERM): cannot clear or change locked flags of the source',
    );
  });
});
