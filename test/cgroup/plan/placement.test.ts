import { describe, expect, test } from 'vitest';
import { isRuntError } from '../../../src/base/errors.ts';
import { parseLayout } from '../../../src/cgroup/plan/layout.ts';
import { placeContainer } from '../../../src/cgroup/plan/placement.ts';
import {
  containerOnLegacyHost,
  hostWithoutCgroups,
  type HostTexts,
  hybridHost,
  unifiedHost,
} from '../../support/cgroup-hosts.ts';

function paths({ mountinfo, cgroup }: HostTexts, cgroupsPath?: string): readonly string[] {
  const placement = placeContainer(parseLayout(mountinfo, cgroup), { cgroupsPath, id: 'c1' });
  return placement.directories.map(({ path }) => path);
}

const hybridDefault = [
  '/sys/fs/cgroup/cpu,cpuacct/c1',
  '/sys/fs/cgroup/memory/user.slice/c1',
  '/sys/fs/cgroup/devices/user.slice/c1',
  '/sys/fs/cgroup/systemd/user.slice/session-1.scope/c1',
  '/sys/fs/cgroup/unified/c1',
];

const rootedUnified = { ...unifiedHost, cgroup: '0::/\n' };

describe('placeContainer', () => {
  test.each([
    ['hybrid, the id', hybridHost, undefined, hybridDefault],
    ['hybrid, an empty path', hybridHost, '', hybridDefault],
    ['v2, the id', unifiedHost, undefined, ['/sys/fs/cgroup/user.slice/user-0.slice/c1']],
    ['v2, relative', unifiedHost, './a/../b/c', ['/sys/fs/cgroup/user.slice/user-0.slice/b/c']],
    ['v2, relative from the root', rootedUnified, 'b', ['/sys/fs/cgroup/b']],
    ['v2, absolute', unifiedHost, '/pods//x/', ['/sys/fs/cgroup/pods/x']],
    [
      'in a container, relative',
      containerOnLegacyHost,
      'x',
      ['/sys/fs/cgroup/memory/x', '/sys/fs/cgroup/devices/inner/x'],
    ],
    [
      'in a container, absolute',
      containerOnLegacyHost,
      '/x',
      ['/sys/fs/cgroup/memory/x', '/sys/fs/cgroup/devices/x'],
    ],
    ['no hierarchies', hostWithoutCgroups, '/x', []],
  ] as const)('%s', (_, host, cgroupsPath, expected) => {
    expect(paths(host, cgroupsPath)).toEqual(expected);
  });

  test.each(['/', '.', 'a/..', '..', '../x', '/../x', 'a/../../x', 'a\0b'])(
    'refuses %j, which is the root, climbs out or is no path',
    (cgroupsPath) => {
      let thrown: unknown;
      try {
        paths(unifiedHost, cgroupsPath);
      } catch (error) {
        thrown = error;
      }
      expect(isRuntError(thrown, 'bundle-invalid')).toBe(true);
      expect(thrown).toMatchObject({
        facts: { findings: [{ code: 'cgroups-path', pointer: '/linux/cgroupsPath' }] },
      });
    },
  );

  test('is plain data', () => {
    const layout = parseLayout(hybridHost.mountinfo, hybridHost.cgroup);
    const placement = placeContainer(layout, { id: 'c1' });
    expect(JSON.parse(JSON.stringify(placement))).toEqual(placement);
  });
});
