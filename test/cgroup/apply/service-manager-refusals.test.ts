/**
 * systemd itself refuses here: the machines of `npm run test:vm` are where this runs.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { isRuntError } from '../../../src/base/errors.ts';
import { openServiceManager } from '../../../src/cgroup/apply/service-manager.ts';
import type { UnitProperty } from '../../../src/cgroup/plan/unit-property.ts';
import { refusalOf } from '../../support/failure.ts';
import { asleep, base, openManager, startUnit } from '../../support/managed-scope.ts';
import { anyScope, shown, shownUntil, systemdRuns, unitFile } from '../../support/systemd-host.ts';

const ways = [{ blocking: true }, { blocking: false }];

const short: UnitProperty = { name: 'RuntimeMaxUSec', signature: 't', value: 100_000n };

function service(command: string): string {
  const file = unitFile('[Service]', 'Type=oneshot', `ExecStart=${command}`);
  onTestFinished(file.remove);
  return file.name;
}

const after = (name: string): readonly UnitProperty[] =>
  ['Requires', 'After'].map((property) => ({ name: property, signature: 'as', value: [name] }));

describe.skipIf(!systemdRuns).each(ways)(
  'refusals of the service manager, where systemd is pid 1, blocking: $blocking',
  ({ blocking }) => {
    test('a unit that runs does not make way for another of its name', async () => {
      const manager = await openManager(blocking);
      const { unit } = await startUnit(manager);
      const second = base(unit, asleep().pid);
      const error = await refusalOf(manager.startTransientUnit(unit.name, second));
      expect(error).toMatchObject({
        code: 'systemd',
        facts: { doing: `create unit ${unit.name}`, name: 'org.freedesktop.systemd1.UnitExists' },
      });
      expect(shown(unit.name, 'ActiveState')).toEqual({ ActiveState: 'active' });
    });

    test('a unit that has failed makes way', async () => {
      const manager = await openManager(blocking);
      const { unit, process } = await startUnit(manager, [short]);
      await process.ended;
      await shownUntil(unit.name, 'ActiveState', 'failed');
      await startUnit(manager, [], unit);
      expect(shown(unit.name, 'ActiveState')).toEqual({ ActiveState: 'active' });
    });

    test('a failed unit is forgotten when asked to', async () => {
      const manager = await openManager(blocking);
      const { unit, process } = await startUnit(manager, [short]);
      await process.ended;
      await shownUntil(unit.name, 'ActiveState', 'failed');
      await manager.resetFailedUnit(unit.name);
      expect(shown(unit.name, 'LoadState')).toEqual({ LoadState: 'not-found' });
      await manager.resetFailedUnit(unit.name);
    });

    test('what systemd says of a bad property is passed on', async () => {
      const manager = await openManager(blocking);
      const unit = anyScope();
      const properties = [
        ...base(unit, asleep().pid),
        { name: 'NoSuchThing', signature: 'i', value: 1 },
      ];
      const error = await refusalOf(manager.startTransientUnit(unit.name, properties));
      if (!isRuntError(error, 'systemd')) throw error;
      expect(error.facts.reason).toContain('NoSuchThing');
      expect(shown(unit.name, 'LoadState')).toEqual({ LoadState: 'not-found' });
    });

    test('so is what it says of a value of the wrong type', async () => {
      const manager = await openManager(blocking);
      const { unit } = await startUnit(manager);
      const wrong = { name: 'TasksMax', signature: 's', value: 'many' };
      expect(await refusalOf(manager.setUnitProperties(unit.name, [wrong]))).toMatchObject({
        code: 'systemd',
        facts: { doing: `set properties of unit ${unit.name}` },
      });
    });

    test('a process that is gone is no start for a scope', async () => {
      const manager = await openManager(blocking);
      const unit = anyScope();
      const gone = asleep();
      await gone.end();
      const error = await refusalOf(manager.startTransientUnit(unit.name, base(unit, gone.pid)));
      expect(error.code).toMatch(/^systemd/);
    });

    test('a job that fails says how', async () => {
      const manager = await openManager(blocking);
      const needed = service('/bin/false');
      const unit = anyScope();
      const properties = [...base(unit, asleep().pid), ...after(needed)];
      expect(await refusalOf(manager.startTransientUnit(unit.name, properties))).toMatchObject({
        code: 'systemd-job',
        facts: { verb: 'create', unit: unit.name, result: 'dependency' },
      });
    });

    test('a job that does not end is not waited for without end', async () => {
      const needed = service('/bin/sleep infinity');
      const manager = await openManager(blocking, 200);
      const unit = anyScope();
      const properties = [...base(unit, asleep().pid), ...after(needed)];
      expect(await refusalOf(manager.startTransientUnit(unit.name, properties))).toMatchObject({
        code: 'systemd-timeout',
        facts: { verb: 'create', unit: unit.name },
      });
    });
  },
);

test.skipIf(systemdRuns)('a host that systemd does not run has no service manager', async () => {
  expect(
    await refusalOf(openServiceManager({ user: false, env: {}, blocking: true })),
  ).toMatchObject({ code: 'systemd-missing' });
});

test('a user without a session is told what is missing', async () => {
  const error = await refusalOf(openServiceManager({ user: true, env: {}, blocking: true }));
  expect(error).toMatchObject({ code: 'systemd-unreachable', facts: { user: true, tried: [] } });
});
