/**
 * Puts a device filter into force: by the v1 controller where there is one, else by a program on
 * the v2 cgroup. A host with neither is refused: a container must not run unfiltered.
 */
import { RuntError } from '../../base/errors.ts';
import { deviceProgram } from '../plan/device-program.ts';
import { allowsEverything, type DeviceFilter } from '../plan/device-rules.ts';
import { deviceWritesV1 } from '../plan/device-writes-v1.ts';
import type { CgroupPlacement } from '../plan/placement.ts';
import { writeControl } from './control-file.ts';

/** The door to bpf(2). */
export interface DevicePrograms {
  /** Loads a program of type BPF_PROG_TYPE_CGROUP_DEVICE and leaves it as the only one attached to the cgroup itself. */
  replace(cgroupPath: string, program: Uint8Array): void;
}

export function applyDevices(
  placement: CgroupPlacement,
  filter: DeviceFilter,
  programs: DevicePrograms,
): void {
  const { directories } = placement;
  const v1 = directories.find(({ controllers }) => controllers.includes('devices'));
  const v2 = directories.find(({ version }) => version === 2);
  if (v1 !== undefined) writeRules(v1.path, filter);
  else if (v2 !== undefined) attachProgram(v2.path, filter, programs);
  else if (!allowsEverything(filter)) {
    throw new RuntError('host-lacks', {
      what: 'a cgroup hierarchy that filters devices',
      needed: 'linux.resources.devices',
    });
  }
}

function writeRules(path: string, filter: DeviceFilter): void {
  const [usual, ...exceptions] = deviceWritesV1(filter);
  if (usual !== undefined) writeControl(path, usual.file, usual.value);
  const [first] = exceptions;
  // all exceptions go to one file
  if (first !== undefined) writeControl(path, first.file, ...exceptions.map(({ value }) => value));
}

function attachProgram(path: string, filter: DeviceFilter, programs: DevicePrograms): void {
  try {
    programs.replace(path, deviceProgram(filter));
  } catch (error) {
    // without a program v2 allows every device
    if (!allowsEverything(filter)) throw error;
  }
}
