/** Bad input: one clear sentence, runc's exit status, and nothing left behind. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addMount, type Change, namespace, setArgs } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const process =
  (part: object): Change =>
  (config) => {
    Object.assign(config.process, part);
  };
const linux =
  (part: object): Change =>
  (config) => {
    Object.assign(config.linux, part);
  };
const resources = (part: object): Change => linux({ resources: part });

/** What this host's cgroups cannot do: never ignored in silence. Its v1 hierarchies lack these controllers. */
const refused: readonly (readonly [string, Change])[] = [
  ['linux.resources.rdma', resources({ rdma: { mlx5_1: { hcaHandles: 3 } } })],
  ['linux.resources.unified', resources({ unified: { 'memory.high': '1' } })],
];

const isUnified = / \/sys\/fs\/cgroup [^\n]*- cgroup2 /.test(
  readFileSync('/proc/self/mountinfo', 'utf8'),
);

describe.each(runtimes)('bad input to $name', (runtime) => {
  const stage = useStage(runtime);

  it('is refused by name where it is a limit that this host cannot set', async (context) => {
    if (isUnified) context.skip('cgroup v2 can');
    for (const [property, change] of refused) {
      const { status, message } = await stage.run(change);
      expect(status, property).toBe(1);
      expect(message).toContain(property);
    }
  });

  it('is a bundle or a config that is not there', async () => {
    const bundle = stage.bundle();
    const call = async (path: string) =>
      (await stage.call(['create', '-b', path, stage.id()])).message;
    expect(await call('/nowhere')).toBe(
      'runt create failed: bundle /nowhere: no such file or directory',
    );
    rmSync(join(bundle, 'config.json'));
    expect(await call(bundle)).toBe(
      'runt create failed: JSON specification file config.json not found',
    );
  });

  it('is a config that is no JSON: line and column', async () => {
    const bundle = stage.bundle();
    for (const [text, place] of [
      ['', '1:1'],
      ['{"a": 1,}', '1:9'],
      ['{\n  "a": tru\n}', '2:8'],
      ['{"a": "\n"}', '1:8'],
    ] as const) {
      writeFileSync(join(bundle, 'config.json'), text);
      const { status, message } = await stage.call(['run', '-b', bundle, stage.id()]);
      expect(status).toBe(1);
      expect(message).toContain(`runt run failed: ${bundle}/config.json:${place}: `);
    }
  });

  it.each<[string, Change, string]>([
    ['a fault of the schema', process({ cwd: 5 }), '/process/cwd: found 5'],
    [
      'a rootfs that is not there',
      (config) => void (config.root.path = 'absent'),
      '/root/path: found "absent"',
    ],
    ['no arguments', process({ args: [] }), '/process/args'],
    [
      'a missing binary',
      setArgs('absent'),
      'unable to start container process: error during container init: exec: "absent": executable file not found in $PATH',
    ],
    [
      'a missing path',
      setArgs('/absent'),
      'unable to start container process: error during container init: exec: "/absent": stat /absent: no such file or directory',
    ],
    [
      'a file that may not be executed',
      setArgs('/etc/passwd'),
      'unable to start container process: error during container init: exec: "/etc/passwd": permission denied',
    ],
    [
      'a mount of an unknown type',
      addMount({ destination: '/x', type: 'nofs', source: 'x' }),
      'mounts[7]: cannot mount nofs on /x: no such device (ENODEV)',
    ],
    [
      'a mount with an unknown option',
      addMount({ destination: '/tmp', type: 'tmpfs', options: ['nonsense=1'] }),
      "mounts[7]: cannot mount tmpfs on /tmp: invalid argument (EINVAL): tmpfs: Unknown parameter 'nonsense'",
    ],
    [
      'a bind of what is not there',
      addMount({ destination: '/tmp', type: 'bind', source: '/absent', options: ['bind'] }),
      'mounts[7]: cannot open /absent for the bind mount on /tmp',
    ],
    [
      'a mount point on a read-only root',
      addMount({ destination: '/new/x', type: 'bind', source: '/nowhere-too', options: ['bind'] }),
      'mounts[7]: cannot open /nowhere-too',
    ],
    [
      'a namespace that is not there',
      namespace('network', '/absent'),
      'linux.namespaces[4]: cannot open the network namespace /absent',
    ],
    [
      'a namespace of another kind',
      namespace('network', '/proc/self/ns/uts'),
      'linux.namespaces[4]: cannot join the network namespace /proc/self/ns/uts',
    ],
    ['a sysctl that is the host’s', linux({ sysctl: { 'kernel.panic': '1' } }), 'kernel.panic'],
    ['a cgroups path that climbs out', linux({ cgroupsPath: '/../../x' }), 'cgroupsPath'],
    [
      'a duplicated namespace',
      (config) => void config.linux.namespaces.push({ type: 'mount' }),
      '/linux/namespaces',
    ],
    [
      'a working folder that is a file',
      process({ cwd: '/etc/passwd' }),
      'process.cwd: cannot change to the folder /etc/passwd: not a directory (ENOTDIR)',
    ],
  ])('is %s', async (_name, change, text) => {
    const { status, stdout, stderr, message } = await stage.run(change);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(message).toContain('runt run failed: ');
    expect(message).toContain(text);
  });
});
