import { expect, test } from 'vitest';
import { baseProperties } from '../../../src/cgroup/plan/unit-base.ts';
import { containerUnit } from '../../../src/cgroup/plan/unit-name.ts';

const unitOf = (cgroupsPath: string) =>
  containerUnit({ cgroupsPath, id: 'c1', prefix: 'runt', defaultSlice: 'system.slice' });

const on = (name: string) => ({ name, signature: 'b', value: true });

test('a scope is put into its slice, with its first process, and delegated', () => {
  const request = {
    id: 'c1',
    unit: unitOf('a-b.slice:x:y'),
    pids: [42],
    cgroupVersion: 2,
  } as const;
  expect(baseProperties(request)).toEqual([
    { name: 'Description', signature: 's', value: 'runt container c1' },
    { name: 'Slice', signature: 's', value: 'a-b.slice' },
    on('Delegate'),
    { name: 'PIDs', signature: 'au', value: [42] },
    on('MemoryAccounting'),
    on('CPUAccounting'),
    on('IOAccounting'),
    on('TasksAccounting'),
    { name: 'DefaultDependencies', signature: 'b', value: false },
  ]);
});

test('a slice wants its parent and takes no processes', () => {
  const request = { id: 'c1', unit: unitOf('::a-b.slice'), pids: [42], cgroupVersion: 2 } as const;
  const properties = baseProperties(request);
  expect(properties[1]).toEqual({ name: 'Wants', signature: 'as', value: ['system.slice'] });
  expect(properties.map(({ name }) => name)).not.toContain('PIDs');
  expect(properties.map(({ name }) => name)).not.toContain('Delegate');
});

test('v1 has another name for the accounting of block devices', () => {
  const request = { id: 'c1', unit: unitOf(''), pids: [1], cgroupVersion: 1 } as const;
  const names = baseProperties(request).map(({ name }) => name);
  expect(names).toContain('BlockIOAccounting');
  expect(names).not.toContain('IOAccounting');
});
