/**
 * The properties that every container's unit has, whatever its limits are.
 */
import type { ContainerUnit } from './unit-name.ts';
import { flagProperty, textProperty, type UnitProperty } from './unit-property.ts';

export interface BaseRequest {
  readonly id: string;
  readonly unit: ContainerUnit;
  /** Who is moved into a scope as it starts: systemd refuses one without. A slice takes no process. */
  readonly pids: readonly number[];
  readonly cgroupVersion: 1 | 2;
}

export function baseProperties(request: BaseRequest): readonly UnitProperty[] {
  const { id, unit, pids, cgroupVersion } = request;
  const place =
    unit.kind === 'slice'
      ? [{ name: 'Wants', signature: 'as', value: [unit.slice] }]
      : [
          textProperty('Slice', unit.slice),
          flagProperty('Delegate', true),
          { name: 'PIDs', signature: 'au', value: pids },
        ];
  return [
    textProperty('Description', `runt container ${id}`),
    ...place,
    flagProperty('MemoryAccounting', true),
    flagProperty('CPUAccounting', true),
    flagProperty(cgroupVersion === 1 ? 'BlockIOAccounting' : 'IOAccounting', true),
    flagProperty('TasksAccounting', true),
    // no ordering against the shutdown, and no conflict with it: who runs containers stops them
    flagProperty('DefaultDependencies', false),
  ];
}
