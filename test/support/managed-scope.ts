/**
 * A service manager and scopes of it for one test, all taken back at its end.
 */
import { execaSync } from 'execa';
import { onTestFinished } from 'vitest';
import { openServiceManager, type ServiceManager } from '../../src/cgroup/apply/service-manager.ts';
import { baseProperties } from '../../src/cgroup/plan/unit-base.ts';
import type { ContainerUnit } from '../../src/cgroup/plan/unit-name.ts';
import type { UnitProperty } from '../../src/cgroup/plan/unit-property.ts';
import { anyScope, type Sleeper, sleeper, unifiedHost } from './systemd-host.ts';

export const cgroupVersion: 1 | 2 = unifiedHost ? 2 : 1;

export function asleep(): Sleeper {
  const one = sleeper();
  onTestFinished(one.end);
  return one;
}

export const base = (unit: ContainerUnit, pid: number): readonly UnitProperty[] =>
  baseProperties({ id: 'c1', unit, pids: [pid], cgroupVersion });

export async function openManager(
  blocking: boolean,
  patience: number = 30_000,
): Promise<ServiceManager> {
  const manager = await openServiceManager({ user: false, env: {}, blocking, patience });
  onTestFinished(() => manager.close());
  return manager;
}

export async function startUnit(
  manager: ServiceManager,
  more: readonly UnitProperty[] = [],
  unit: ContainerUnit = anyScope(),
): Promise<{ readonly unit: ContainerUnit; readonly process: Sleeper }> {
  const process = asleep();
  onTestFinished(() => void execaSync('systemctl', ['stop', unit.name], { reject: false }));
  await manager.startTransientUnit(unit.name, [...base(unit, process.pid), ...more]);
  return { unit, process };
}
