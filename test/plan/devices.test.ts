import { expect, test } from 'vitest';
import type { Device, Mount } from '../../src/bundle/config.ts';
import { addDevices, devIsBound, plannedDevices } from '../../src/plan/devices.ts';
import { modernMounts } from '../../src/plan/mount-api.ts';
import { startDraft } from '../../src/plan/plan.ts';
import { containerPlan, smallConfig } from '../support/plans.ts';

const withDevices = (...devices: Device[]) => smallConfig({ linux: { devices } });
const withMount = (mount: Mount) => smallConfig({ mounts: [mount] });

test('every container has the default devices of config-linux.md', () => {
  const found = plannedDevices(smallConfig()).map(
    ({ device }) => `${device.path} ${device.type} ${device.major}:${device.minor}`,
  );
  expect(found).toEqual([
    '/dev/null c 1:3',
    '/dev/zero c 1:5',
    '/dev/full c 1:7',
    '/dev/random c 1:8',
    '/dev/urandom c 1:9',
    '/dev/tty c 5:0',
  ]);
});

test("the config's own device takes the place of a default one", () => {
  const own: Device = { type: 'c', path: '/dev/null', major: 1, minor: 5, fileMode: 0o600 };
  const found = plannedDevices(withDevices(own)).filter(({ device }) => device.path === own.path);
  expect(found).toEqual([{ device: own, origin: 'linux.devices[0]' }]);
});

test("/dev/ptmx is always the container's own", () => {
  const ptmx: Device = { type: 'c', path: '/dev/ptmx', major: 5, minor: 2 };
  const paths = plannedDevices(withDevices(ptmx)).map(({ device }) => device.path);
  expect(paths).not.toContain('/dev/ptmx');
});

test.each([
  ['c', 0o020000],
  ['u', 0o020000],
  ['b', 0o060000],
  ['p', 0o010000],
] as const)('a node of type %s has the mode bits 0%s', (type, bits) => {
  const draft = startDraft([]);
  const device: Device = { type, path: '/dev/../dev/x', fileMode: 0o4640, uid: 7 };
  addDevices(draft, modernMounts(draft), 0, [{ device, origin: 'linux.devices[0]' }], []);
  expect(draft.steps.map(({ op }) => op)).toEqual([
    {
      kind: 'makeNode',
      root: 0,
      path: '/dev/x',
      mode: bits | 0o4640,
      major: 0,
      minor: 0,
      uid: 7,
      gid: 0,
    },
  ]);
});

test.each<[Mount, boolean]>([
  [{ destination: '/dev', source: '/dev', options: ['rbind'] }, true],
  [{ destination: '/dev/', type: 'bind', source: '/dev' }, true],
  [{ destination: '/dev', type: 'tmpfs', source: 'tmpfs' }, false],
  [{ destination: '/dev/shm', source: '/dev/shm', options: ['bind'] }, false],
])('whether %j leaves /dev to the user: %s', (mount, bound) => {
  expect(devIsBound(withMount(mount))).toBe(bound);
  const made = containerPlan(withMount(mount)).steps.some(({ op }) => op.kind === 'makeNode');
  expect(made).toBe(!bound);
});

test.each([
  ['/dev', ['ro']],
  ['/dev/', ['rro']],
])('a read-only tmpfs on %s is filled first', (destination, options) => {
  const { steps } = containerPlan(withMount({ destination, type: 'tmpfs', options }));
  const made = steps.find(({ op }) => op.kind === 'newMount')?.op;
  const lastLink = steps.findLastIndex(({ op }) => op.kind === 'makeSymlink');
  const closed = steps.findIndex(({ op }) => op.kind === 'mountAttributes' && op.set === 1n);
  expect(made).toMatchObject({ attributes: 0 });
  expect(closed).toBeGreaterThan(lastLink);
});
