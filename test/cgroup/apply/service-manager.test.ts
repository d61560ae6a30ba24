/**
 * systemd itself makes the units here: the machines of `npm run test:vm` are where this runs.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import type { BusValue } from '../../../src/base/bus-value.ts';
import { openServiceManager } from '../../../src/cgroup/apply/service-manager.ts';
import { deviceFilter } from '../../../src/cgroup/plan/device-rules.ts';
import { annotatedProperties } from '../../../src/cgroup/plan/unit-annotations.ts';
import { unitDevices } from '../../../src/cgroup/plan/unit-devices.ts';
import { unitCgroup } from '../../../src/cgroup/plan/unit-name.ts';
import { refusalOf } from '../../support/failure.ts';
import { asleep, cgroupVersion, openManager, startUnit } from '../../support/managed-scope.ts';
import {
  anyScope,
  cgroupOf,
  shown,
  systemdRuns,
  tasksMax,
  unifiedHost,
} from '../../support/systemd-host.ts';

const mount = unifiedHost ? '/sys/fs/cgroup' : '/sys/fs/cgroup/systemd';
const lines = (list: BusValue | undefined): readonly string[] =>
  Array.isArray(list) ? list.map((entry: readonly string[]) => entry.join(' ')).toSorted() : [];

const ways = [{ blocking: true }, { blocking: false }];

describe.skipIf(!systemdRuns).each(ways)(
  'the service manager, where systemd is pid 1, blocking: $blocking',
  ({ blocking }) => {
    test('tells its version and its cgroup, and leaves no descriptor open', async () => {
      const before = readdirSync('/proc/self/fd').length;
      const manager = await openServiceManager({ user: false, env: {}, blocking });
      const { stdout } = execaSync('systemctl', ['--version']);
      expect(stdout).toContain(`systemd ${manager.version} `);
      expect(await manager.controlGroup()).toBe('/');
      manager.close();
      expect(readdirSync('/proc/self/fd')).toHaveLength(before);
    });

    test('a scope has its place and its properties', async () => {
      const manager = await openManager(blocking);
      const devices = unitDevices(
        deviceFilter([
          { allow: false, access: 'rwm' },
          { allow: true, type: 'b', major: 259, access: 'r' },
        ]),
        { cgroupVersion, version: manager.version },
      );
      const { unit, process } = await startUnit(manager, [
        ...devices.properties,
        ...annotatedProperties({
          'org.systemd.property.TimeoutStopSec': '7.5',
          'org.systemd.property.CollectMode': "'inactive-or-failed'",
          'org.systemd.property.AllowedCPUs': '[byte 0x01]',
          'org.systemd.property.Documentation': "['man:true(1)']",
        }),
        tasksMax(23n),
      ]);
      const group = unitCgroup('/', unit);
      const io = unifiedHost ? 'IOAccounting' : 'BlockIOAccounting';
      expect(
        shown(
          unit.name,
          'Description,Slice,Delegate,MemoryAccounting,TasksAccounting,DefaultDependencies',
          `ActiveState,ControlGroup,${io},TasksMax,TimeoutStopUSec,CollectMode`,
          'AllowedCPUs,Documentation,DevicePolicy',
        ),
      ).toEqual({
        Description: 'runt container c1',
        Slice: 'runttest-a.slice',
        Delegate: 'yes',
        MemoryAccounting: 'yes',
        TasksAccounting: 'yes',
        [io]: 'yes',
        DefaultDependencies: 'no',
        ActiveState: 'active',
        ControlGroup: group,
        TasksMax: '23',
        TimeoutStopUSec: '7.500000s',
        CollectMode: 'inactive-or-failed',
        AllowedCPUs: '0',
        Documentation: '"man:true(1)"',
        DevicePolicy: 'strict',
      });
      expect(cgroupOf(process.pid)).toBe(group);
      expect(await manager.unitProperty(unit.name, 'Scope', 'ControlGroup')).toBe(group);
      // older ones have the last first
      const told = await manager.unitProperty(unit.name, 'Scope', 'DeviceAllow');
      expect(lines(told)).toEqual(lines(devices.properties.at(-1)?.value));
      expect(lines(told)).toContain('block-259 r');
    });

    test.each([
      ['cpu', 'cgroup.x'],
      ['runttest', '.x'],
    ])('a cgroup that may not have its unit’s name, %s.slice', async (slice, prefix) => {
      const manager = await openManager(blocking);
      const unit = anyScope(`${slice}.slice`, prefix);
      const { process } = await startUnit(manager, [], unit);
      expect(cgroupOf(process.pid)).toBe(unitCgroup('/', unit));
    });

    test('a slice lies where its name says', async () => {
      const manager = await openManager(blocking);
      const unit = anyScope('runttest.slice', '', 'runttest-b.slice');
      await startUnit(manager, [], unit);
      const group = await manager.unitProperty(unit.name, 'Slice', 'ControlGroup');
      expect(group).toBe(unitCgroup('/', unit));
      await manager.stopUnit(unit.name);
      expect(shown(unit.name, 'ActiveState')).toEqual({ ActiveState: 'inactive' });
    });

    test('stop ends the processes and leaves nothing; what is not there is stopped', async () => {
      const manager = await openManager(blocking);
      const { unit, process } = await startUnit(manager);
      await manager.stopUnit(unit.name);
      await process.ended;
      expect(shown(unit.name, 'LoadState')).toEqual({ LoadState: 'not-found' });
      expect(statSync(`${mount}${unitCgroup('/', unit)}`, { throwIfNoEntry: false })).toBe(
        undefined,
      );
      await manager.stopUnit(unit.name);
      await manager.stopUnit(`runt-test-${randomUUID()}.scope`);
    });

    test('properties can be changed, of a unit that is there', async () => {
      const manager = await openManager(blocking);
      const { unit } = await startUnit(manager, [tasksMax(20n)]);
      await manager.setUnitProperties(unit.name, [tasksMax(30n)]);
      expect(shown(unit.name, 'TasksMax')).toEqual({ TasksMax: '30' });
      const missing = `runt-test-${randomUUID()}.scope`;
      expect(await refusalOf(manager.setUnitProperties(missing, [tasksMax(1n)]))).toMatchObject({
        code: 'systemd',
      });
    });

    test('processes join a unit, and a cgroup below it', async () => {
      const manager = await openManager(blocking);
      const { unit } = await startUnit(manager);
      const [second, third] = [asleep(), asleep()];
      await manager.attachProcesses(unit.name, '', [second.pid]);
      expect(cgroupOf(second.pid)).toBe(unitCgroup('/', unit));
      // systemd does not make it, and on v1 is not told of an end while it is there
      const below = `${unitCgroup('/', unit)}/below`;
      mkdirSync(`${mount}${below}`);
      await manager.attachProcesses(unit.name, 'below', [third.pid]);
      expect(cgroupOf(third.pid)).toBe(below);
      await third.end();
      rmdirSync(`${mount}${below}`);
    });
  },
);
