/**
 * linux.netDevices: veth pairs, in network namespaces that each case makes for itself. The host of a case is such a
 * namespace, so no interface of the machine is ever touched.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Change, namespace, setArgs, sh } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { stretched } from '../support/patience.ts';
import { type Ended, until, useStage } from '../support/stage.ts';

const ip = (...words: string[]): string => execFileSync('ip', words, { encoding: 'utf8' });

let number = 0;
let host = '';
let other = '';

beforeEach(() => {
  number += 1;
  host = `runt-test-${process.pid}-${number}`;
  other = `${host}-other`;
  for (const name of [host, other]) ip('netns', 'add', name);
  // nobody else has the addresses, and asking around takes the kernel two seconds
  for (const which of ['all', 'default'])
    ip('netns', 'exec', host, 'sysctl', '-qw', `net.ipv6.conf.${which}.accept_dad=0`);
  inHost('link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb');
  inHost('link', 'set', 'vb', 'up');
});

afterEach(() => {
  for (const name of [host, other]) ip('netns', 'del', name);
});

const inHost = (...words: string[]): string => ip('-n', host, ...words);

async function prepare(): Promise<void> {
  inHost('link', 'set', 'va', 'mtu', '1400', 'address', '02:11:22:33:44:55');
  for (const address of [
    ['10.9.0.1/24', 'brd', '+', 'label', 'va:x'],
    ['10.9.0.7', 'peer', '10.9.1.7/32'],
    ['127.0.0.33/8', 'scope', 'host'],
    ['10.9.2.9/24', 'valid_lft', '100', 'preferred_lft', '100'],
    ['fd00::1/64', 'nodad'],
  ])
    inHost('address', 'add', ...address, 'dev', 'va');
  inHost('link', 'set', 'va', 'up');
  inHost('route', 'add', 'default', 'via', '10.9.0.2', 'dev', 'va');
  inHost('route', 'add', '10.77.0.0/16', 'dev', 'va', 'src', '10.9.0.1', 'metric', '50');
  inHost('-6', 'route', 'add', 'fd77::/64', 'dev', 'va');
  // the kernel adds it when the link has come up, which takes a moment
  await until(
    () => /local fe80::/.test(inHost('route', 'show', 'table', 'all', 'dev', 'va')),
    'a local address',
  );
}

/** All that the host knows of va, but for what moves by itself: lifetimes, and duplicate address detection. */
function portrait(): string[] {
  const address = inHost('-o', 'address', 'show', 'dev', 'va').replaceAll(/\\.*| tentative/g, '');
  const link = inHost('-o', 'link', 'show', 'dev', 'va').replaceAll(
    /\\ .*?(?= link)| state \S+/g,
    '',
  );
  const routes = inHost('route', 'show', 'table', 'all', 'dev', 'va');
  const routes6 = inHost('-6', 'route', 'show', 'table', 'main', 'dev', 'va');
  return `${link}\n${address}\n${routes}\n${routes6}`
    .split('\n')
    .map((line) => line.trim())
    .sort();
}

const devices =
  (netDevices: Record<string, { name?: string }>): Change =>
  (config) => {
    config.linux.netDevices = netDevices;
  };

const userNamespace: Change = (config) => {
  namespace('user')(config);
  config.linux.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
};

describe.each(runtimes)('netDevices of $name', (runtime) => {
  const stage = useStage(runtime);

  const call = (words: readonly string[]): Promise<Ended> =>
    stage.call(words, { through: ['nsenter', `--net=/run/netns/${host}`] });

  async function run(...changes: Change[]): Promise<Ended> {
    const bundle = stage.bundle(...changes);
    execFileSync('chmod', ['-R', 'a+rX', stage.folder]);
    return call(['run', '-b', bundle, stage.id()]);
  }

  it('refuses an interface that the host has not, and names it', async () => {
    const { status, message } = await run(devices({ nope: {} }));
    expect(status).toBe(1);
    expect(message).toContain('linux.netDevices["nope"]: cannot move the interface nope');
    expect(message).toContain('no such device (ENODEV)');
  });

  it.each([
    ['', [] as Change[]],
    [' of a container with a user namespace', [userNamespace]],
  ])('moves, renames, and keeps what lasts%s', async (_where, more) => {
    await prepare();
    const { status, stdout, stderr } = await run(
      devices({ va: { name: 'net0' } }),
      sh('ip addr show dev net0; ip link show dev va 2>&1; true'),
      ...more,
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/net0@\S+: <[^>]*\bUP\b[^>]*> mtu 1400/);
    expect(stdout).toContain('02:11:22:33:44:55');
    expect(stdout).toContain('inet 10.9.0.1/24 brd 10.9.0.255 scope global net0');
    expect(stdout).toContain('inet 10.9.0.7 peer 10.9.1.7/32 scope global net0');
    expect(stdout).toContain('inet6 fd00::1/64 scope global');
    // of the host alone, and for a time
    expect(stdout).not.toContain('127.0.0.33');
    expect(stdout).not.toContain('10.9.2.9');
    expect(stdout).toContain("can't find device 'va'");
  });

  it('keeps the name where none is given, and sets up what was down', async () => {
    const { stdout } = await run(devices({ va: {} }), sh('ip link show dev va'));
    expect(stdout).toMatch(/va@\S+: <[^>]*\bUP\b/);
  });

  it('lets the kernel fill in a %d', async () => {
    ip('-n', other, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1');
    const { stdout } = await run(
      namespace('network', `/run/netns/${other}`),
      devices({ va: { name: 'eth%d' } }),
      sh('ip -o link | cut -d: -f2'),
    );
    expect(stdout).toContain('eth2@');
  });

  it('moves to a namespace that is joined, and leaves it there', async () => {
    await prepare();
    const { status } = await run(
      namespace('network', `/run/netns/${other}`),
      devices({ va: { name: 'net0' } }),
      setArgs('true'),
    );
    expect(status).toBe(0);
    expect(ip('-n', other, 'address', 'show', 'dev', 'net0')).toContain('10.9.0.1/24');
  });

  it('refuses a name that is taken there, and touches nothing', async () => {
    await prepare();
    ip('-n', other, 'link', 'add', 'net0', 'type', 'veth', 'peer', 'name', 'net1');
    const before = portrait();
    const { status, message } = await run(
      namespace('network', `/run/netns/${other}`),
      devices({ va: { name: 'net0' } }),
    );
    expect(status).toBe(1);
    expect(message).toContain('file exists (EEXIST): the container has an interface net0');
    await expect.poll(portrait, { timeout: stretched(5000) }).toEqual(before);
  });

  it("refuses the runtime's own network namespace", async () => {
    const { status, message } = await run(
      namespace('network', `/run/netns/${host}`),
      devices({ va: {} }),
    );
    expect({ status, message }).toMatchObject({
      status: 1,
      message: expect.stringContaining('unable to move network devices without a NET namespace'),
    });
    inHost('link', 'show', 'dev', 'va');
  });

  it('needs a network namespace', async () => {
    const { status, message } = await run(devices({ va: {} }), (config) => {
      config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== 'network');
    });
    expect(status).toBe(1);
    expect(message).toContain('unable to move network devices without a NET namespace');
  });

  it.each<[string, Change[]]>([
    ['a second interface is missing', [devices({ va: { name: 'net0' }, nope: {} })]],
    ['the same in a user namespace', [devices({ va: {}, nope: {} }), userNamespace]],
    ['the program is missing', [devices({ va: { name: 'net0' } }), setArgs('/nope')]],
    ['the program cannot be executed', [devices({ va: { name: 'net0' } }), setArgs('/broken')]],
    [
      'a createRuntime hook fails',
      [
        devices({ va: { name: 'net0' } }),
        (config) => {
          config.hooks = { createRuntime: [{ path: '/bin/false' }] };
        },
      ],
    ],
  ])('gives back an interface as it was when %s', async (_why, changes) => {
    await prepare();
    const before = portrait();
    const bundle = stage.bundle(...changes);
    writeFileSync(join(bundle, 'rootfs/broken'), '#!/nope\n', { mode: 0o755 });
    execFileSync('chmod', ['-R', 'a+rX', stage.folder]);
    const { status } = await call(['run', '-b', bundle, stage.id()]);
    expect(status).toBeGreaterThan(0);
    await expect.poll(portrait, { timeout: stretched(5000) }).toEqual(before);
  });

  it('is there for hooks, and shown by plan', async () => {
    const seen = join(stage.folder, 'seen');
    const hook = join(stage.folder, 'hook');
    writeFileSync(
      hook,
      `#!/bin/sh\npid=$(sed 's/.*"pid": *\\([0-9]*\\).*/\\1/')\nnsenter -t "$pid" -n ip -o link > ${seen}\n`,
      { mode: 0o755 },
    );
    const changes: Change[] = [
      devices({ va: { name: 'net0' } }),
      setArgs('true'),
      (config) => {
        config.hooks = {
          createRuntime: [{ path: hook, env: ['PATH=/usr/sbin:/usr/bin:/bin:/sbin'] }],
        };
      },
    ];
    expect(await run(...changes)).toMatchObject({ status: 0 });
    expect(execFileSync('cat', [seen], { encoding: 'utf8' })).toContain('net0@');
    const plan = await stage.ok(['plan', stage.bundle(...changes)]);
    expect(plan.stdout).toContain('the runtime: moves the interface va into the container as net0');
  });
});
