/** Every case, by chapter of the specification. */
import type { Case } from '../case.ts';
import { cgroupCases } from './cgroups.ts';
import { rootCases } from './config-root.ts';
import { deviceCases } from './devices.ts';
import { hookCases } from './hooks.ts';
import { limitCases } from './limits.ts';
import { pathCases } from './linux-paths.ts';
import { mountCases } from './mounts.ts';
import { namespaceCases } from './namespaces.ts';
import { linuxProcessCases } from './process-linux.ts';
import { processCases } from './process.ts';
import { refusalCases } from './refusals.ts';
import { runtimeCases } from './runtime.ts';
import { seccompCases } from './seccomp.ts';

export interface Chapter {
  readonly title: string;
  readonly cases: readonly Case[];
}

export const chapters: readonly Chapter[] = [
  { title: 'Documents, root and names', cases: rootCases },
  { title: 'Mounts', cases: mountCases },
  { title: 'Process', cases: processCases },
  { title: 'Process on Linux', cases: linuxProcessCases },
  { title: 'Namespaces', cases: namespaceCases },
  { title: 'Devices', cases: deviceCases },
  { title: 'Cgroups, network devices and cache allocation', cases: cgroupCases },
  { title: 'Cgroups: limits', cases: limitCases },
  { title: 'Parameters and paths of Linux', cases: pathCases },
  { title: 'Seccomp', cases: seccompCases },
  { title: 'Documents that contradict themselves', cases: refusalCases },
  { title: 'Hooks', cases: hookCases },
  { title: 'Life cycle and features', cases: runtimeCases },
];
