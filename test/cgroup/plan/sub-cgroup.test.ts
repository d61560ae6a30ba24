import { expect, test } from 'vitest';
import { parseLayout } from '../../../src/cgroup/plan/layout.ts';
import { type CgroupPlacement, placeContainer } from '../../../src/cgroup/plan/placement.ts';
import { subCgroup } from '../../../src/cgroup/plan/sub-cgroup.ts';
import { hybridHost, unifiedHost } from '../../support/cgroup-hosts.ts';

const placed = ({ mountinfo, cgroup }: typeof hybridHost): CgroupPlacement =>
  placeContainer(parseLayout(mountinfo, cgroup), { cgroupsPath: '/box', id: 'unused' });

const hybrid = placed(hybridHost);
const unified = placed(unifiedHost);

const pathsOf = (placement: CgroupPlacement, words: readonly string[]) =>
  Object.fromEntries(
    subCgroup(placement, words).directories.map(({ controllers, path }) => [
      controllers.join(','),
      path.replace('/sys/fs/cgroup', ''),
    ]),
  );

const everywhere = (below: string) => ({
  'cpu,cpuacct': `/cpu,cpuacct/box${below}`,
  memory: `/memory/box${below}`,
  devices: `/devices/box${below}`,
  'name=systemd': `/systemd/box${below}`,
  '': `/unified/box${below}`,
});

test.each<readonly [readonly string[], Readonly<Record<string, string>>]>([
  [[], everywhere('')],
  [['a'], everywhere('/a')],
  [['/a/./b/'], everywhere('/a/b')],
  [['/'], everywhere('')],
  [['memory:m'], { ...everywhere(''), memory: '/memory/box/m' }],
  [['cpuacct:c'], { ...everywhere(''), 'cpu,cpuacct': '/cpu,cpuacct/box/c' }],
  [
    ['memory,devices:x', 'cpu:y'],
    {
      ...everywhere(''),
      memory: '/memory/box/x',
      devices: '/devices/box/x',
      'cpu,cpuacct': '/cpu,cpuacct/box/y',
    },
  ],
  [['name=systemd:s'], { ...everywhere(''), 'name=systemd': '/systemd/box/s' }],
  // the last word on a hierarchy counts
  [['a', 'memory:m'], { ...everywhere('/a'), memory: '/memory/box/m' }],
  [['memory:a:b'], { ...everywhere(''), memory: '/memory/box/a:b' }],
])('on v1 %j', (words, paths) => {
  expect(pathsOf(hybrid, words)).toEqual(paths);
});

test('on v2 there is one path', () => {
  expect(pathsOf(unified, ['a/b'])).toEqual({ '': '/box/a/b' });
});

test.each<readonly [CgroupPlacement, string, string]>([
  [hybrid, '..', 'bad sub cgroup path: ..'],
  [hybrid, 'memory:../other', 'bad sub cgroup path: ../other'],
  [hybrid, 'a/../..', 'bad sub cgroup path: a/../..'],
  [hybrid, 'a\0b', 'bad sub cgroup path: a\0b'],
  [hybrid, 'nosuch:a', '--cgroup: unknown controller nosuch'],
  [hybrid, ':a', '--cgroup: unknown controller '],
  [hybrid, 'memory,:a', '--cgroup: unknown controller '],
  [unified, '../../box2', 'bad sub cgroup path: ../../box2'],
  [
    unified,
    'memory:a',
    '--cgroup: cgroup v2 has one hierarchy for all controllers: want a path without "memory:"',
  ],
])('refuses %#: %j', (placement, word, text) => {
  expect(() => subCgroup(placement, [word])).toThrow(
    expect.objectContaining({ code: 'usage', facts: { text } }),
  );
});
