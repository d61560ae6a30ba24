import { describe, expect, test } from 'vitest';
import { type CgroupLayout, parseLayout } from '../../../src/cgroup/plan/layout.ts';
import {
  containerOnLegacyHost,
  coveredHost,
  hostWithoutCgroups,
  type HostTexts,
  hybridHost,
  legacyHost,
  unifiedHost,
  viewedHost,
} from '../../support/cgroup-hosts.ts';

function parse({ mountinfo, cgroup }: HostTexts): CgroupLayout {
  return parseLayout(mountinfo, cgroup);
}

/** `mountpoint (controllers) own` of each hierarchy. */
function summary({ hierarchies }: CgroupLayout): readonly string[] {
  return hierarchies.map(
    ({ version, mountpoint, controllers, own }) =>
      `${version} ${mountpoint} (${controllers.join(',')}) ${own}`,
  );
}

const v1 = [
  '1 /sys/fs/cgroup/cpu,cpuacct (cpu,cpuacct) /',
  '1 /sys/fs/cgroup/memory (memory) /user.slice',
  '1 /sys/fs/cgroup/devices (devices) /user.slice',
  '1 /sys/fs/cgroup/systemd (name=systemd) /user.slice/session-1.scope',
];

describe('parseLayout', () => {
  test.each([
    ['v1 alone', legacyHost, 'v1', v1],
    [
      'hybrid',
      hybridHost,
      'hybrid',
      [...v1, '2 /sys/fs/cgroup/unified () /user.slice/session-1.scope'],
    ],
    [
      'v2 alone',
      unifiedHost,
      'v2',
      ['2 /sys/fs/cgroup () /user.slice/user-0.slice/session-1.scope'],
    ],
    ['v2 mounted over v1', coveredHost, 'v2', ['2 /sys/fs/cgroup () /user.slice/session-1.scope']],
    [
      'v1 mounted once more over the same',
      viewedHost,
      'v1',
      [
        '1 /sys/fs/cgroup/memory (memory) /user.slice',
        '1 /sys/fs/cgroup/devices (devices) /user.slice',
      ],
    ],
    ['none', hostWithoutCgroups, 'v1', []],
  ] as const)('%s', (_, host, mode, hierarchies) => {
    const layout = parse(host);
    expect(layout.mode).toBe(mode);
    expect(summary(layout)).toEqual(hierarchies);
  });

  test('a container: own is below the mounted root, escapes are undone, the first mount of a hierarchy wins', () => {
    const layout = parse(containerOnLegacyHost);
    expect(summary(layout)).toEqual([
      '1 /sys/fs/cgroup/memory (memory) /',
      '1 /sys/fs/cgroup/devices (devices) /inner',
    ]);
    expect(layout.hierarchies[0]?.root).toBe('/docker/a b');
  });

  test('v2 with one v1 hierarchy mounted elsewhere is v2', () => {
    const mountinfo = `${unifiedHost.mountinfo}60 27 0:60 / /run/net_cls rw - cgroup net_cls rw,net_cls\n`;
    const layout = parseLayout(mountinfo, `8:net_cls:/\n${unifiedHost.cgroup}`);
    expect(layout.mode).toBe('v2');
    expect(layout.hierarchies.map(({ mountpoint }) => mountpoint)).toEqual(['/sys/fs/cgroup']);
  });

  test.each(['/../other', '/elsewhere'])(
    'own %s outside of the mounted root counts as the root',
    (path) => {
      const mountinfo = unifiedHost.mountinfo.replace(' / /sys/fs/cgroup', ' /box /sys/fs/cgroup');
      expect(parseLayout(mountinfo, `0::${path}\n`).hierarchies[0]?.own).toBe('/');
    },
  );

  test('a mount upon another at the same place hides the lower one alone', () => {
    const upon = '91 32 0:29 /sub /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n';
    const layout = parseLayout(legacyHost.mountinfo + upon, legacyHost.cgroup);
    const cpu = layout.hierarchies.filter(({ controllers }) => controllers.includes('cpu'));
    expect(cpu.map(({ root }) => root)).toEqual(['/sub']);
    expect(layout.hierarchies).toHaveLength(4);
  });
});
