import { expect, test } from 'vitest';
import { withLabel } from '../../src/plan/mount-label.ts';
import { containerPlan, smallConfig } from '../support/plans.ts';

const label = 'system_u:object_r:container_file_t:s0:c1,c2';

test.each(['tmpfs', 'devpts', 'overlay', 'fuse'])('%s is labelled', (type) => {
  expect(withLabel(type, ['a=b'], label)).toEqual(['a=b', `context=${label}`]);
});

test.each(['proc', 'sysfs', 'mqueue'])('%s is not', (type) => {
  expect(withLabel(type, ['a=b'], label)).toEqual(['a=b']);
});

test.each([undefined, ''])('%j is no label', (none) => {
  expect(withLabel('tmpfs', [], none)).toEqual([]);
});

test('a context of its own wins, without the quotes of mount(8)', () => {
  expect(withLabel('tmpfs', ['size=1', 'rootcontext="a:b:c:s0:c1,c2"'], label)).toEqual([
    'size=1',
    'rootcontext=a:b:c:s0:c1,c2',
  ]);
  expect(withLabel('tmpfs', ['x="a"'], undefined)).toEqual(['x="a"']);
});

test('every new file system of a container: its mounts, its cgroup view, its masks', () => {
  const { steps } = containerPlan(
    smallConfig({
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        { destination: '/tmp', type: 'tmpfs', source: 'tmpfs' },
        { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue' },
        { destination: '/data', type: 'bind', source: '/srv', options: ['rbind'] },
        { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup' },
      ],
      linux: {
        namespaces: [{ type: 'mount' }],
        mountLabel: label,
        maskedPaths: ['/proc/kcore'],
      },
    }),
    { cgroupView: { tmpfs: true, entries: [] } },
  );
  const made = steps.flatMap(({ op }) =>
    op.kind === 'newMount' ? [[op.type, op.parameters.includes(`context=${label}`)]] : [],
  );
  expect(made).toEqual([
    ['proc', false],
    ['tmpfs', true],
    ['mqueue', false],
    ['tmpfs', true],
    ['tmpfs', true],
  ]);
  expect(steps.flatMap(({ op }) => (op.kind === 'fileLabel' ? [op.label] : []))).toEqual([label]);
});
