import { describe, expect, test } from 'vitest';
import { isRuntError } from '../../../src/base/errors.ts';
import { renderError } from '../../../src/base/render-error.ts';
import { containerUnit, unitCgroup } from '../../../src/cgroup/plan/unit-name.ts';
import { failureOf } from '../../support/failure.ts';

const unitOf = (cgroupsPath?: string, id = 'c1') =>
  containerUnit({ cgroupsPath, id, prefix: 'runt', defaultSlice: 'system.slice' });

describe('containerUnit', () => {
  test.each([
    [undefined, 'system.slice', 'runt-c1.scope', '/system.slice/runt-c1.scope'],
    ['', 'system.slice', 'runt-c1.scope', '/system.slice/runt-c1.scope'],
    [':docker:4f', 'system.slice', 'docker-4f.scope', '/system.slice/docker-4f.scope'],
    ['user.slice:a:b', 'user.slice', 'a-b.scope', '/user.slice/a-b.scope'],
    [
      'kubepods-burstable-pod1.slice:cri-containerd:x',
      'kubepods-burstable-pod1.slice',
      'cri-containerd-x.scope',
      '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-x.scope',
    ],
    ['-.slice:a:b', '-.slice', 'a-b.scope', '/a-b.scope'],
    ['::', 'system.slice', '-.scope', '/system.slice/-.scope'],
    // a cgroup of this name would look like a controller's file
    ['cpu.slice:cgroup.x:y', 'cpu.slice', 'cgroup.x-y.scope', '/_cpu.slice/_cgroup.x-y.scope'],
    ['_a.slice:cpu:y', '_a.slice', 'cpu-y.scope', '/__a.slice/cpu-y.scope'],
    ['a.slice:.b:c', 'a.slice', '.b-c.scope', '/a.slice/_.b-c.scope'],
  ] as const)('%j: in %s, %s, at %s', (cgroupsPath, slice, name, path) => {
    const unit = unitOf(cgroupsPath);
    expect(unit).toMatchObject({ kind: 'scope', slice, name });
    expect(unitCgroup('/', unit)).toBe(path);
  });

  test('a name that ends in .slice is a slice, which lies where its name says', () => {
    const unit = unitOf('system.slice:ignored:pod-a.slice');
    expect(unit).toMatchObject({ kind: 'slice', slice: 'system.slice', name: 'pod-a.slice' });
    expect(unitCgroup('/', unit)).toBe('/pod.slice/pod-a.slice');
  });

  test('a user manager has its units below its own cgroup', () => {
    const unit = containerUnit({ id: 'c1', prefix: 'runc', defaultSlice: 'user.slice' });
    const manager = '/user.slice/user-1000.slice/user@1000.service';
    expect(unitCgroup(manager, unit)).toBe(`${manager}/user.slice/runc-c1.scope`);
  });

  test('the longest name that systemd takes is taken', () => {
    expect(unitOf(`:${'p'.repeat(244)}:name`).name).toHaveLength(255);
  });

  test.each(['/a/b', 'name', 'a:b', 'a.slice:b:c:d'])('refuses %j as runc does', (path) => {
    const error = failureOf(() => unitOf(path));
    expect(isRuntError(error, 'bundle-invalid')).toBe(true);
    expect(renderError(error)).toContain(
      `/linux/cgroupsPath: expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got ${JSON.stringify(path)} instead`,
    );
  });

  test.each([
    'a',
    'a.scope',
    '.slice',
    '-a.slice',
    'a-.slice',
    'a--b.slice',
    'a/b.slice',
    '../x.slice',
    'a@b.slice',
    'ä.slice',
    'a b.slice',
    `${'a'.repeat(250)}.slice`,
  ])('refuses the slice %j', (slice) => {
    const error = failureOf(() => unitOf(`${slice}:p:n`));
    expect(isRuntError(error, 'bundle-invalid')).toBe(true);
    expect(renderError(error)).toContain(`/linux/cgroupsPath: invalid slice name: ${slice}`);
  });

  test('refuses the root slice as a container', () => {
    expect(renderError(failureOf(() => unitOf('::-.slice')))).toContain(
      'invalid slice name: -.slice',
    );
  });

  test.each([
    ':p/q:n',
    ':p:n/../x',
    ':p:n@1',
    ':p:n n',
    ':p:ñ',
    ':p:n\n',
    `:${'p'.repeat(245)}:name`,
  ])('refuses the unit of %j', (path) => {
    const error = failureOf(() => unitOf(path));
    if (!isRuntError(error, 'bundle-invalid')) throw error;
    expect(error.facts.findings).toMatchObject([
      { code: 'unit-name', pointer: '/linux/cgroupsPath' },
    ]);
  });

  test.each([':memory.x:y', ':io.a:b', ':bpf:firewall', 'cpu.max.slice:p:n'])(
    'refuses %j, of which systemd’s versions disagree where it lies',
    (path) => {
      const error = failureOf(() => unitOf(path));
      if (!isRuntError(error, 'bundle-invalid')) throw error;
      expect(error.facts.findings).toMatchObject([{ code: 'unit-name' }]);
    },
  );

  test('refuses an id that no unit can be named after', () => {
    expect(renderError(failureOf(() => unitOf(undefined, 'a+b')))).toContain('"runt-a+b.scope"');
  });
});
