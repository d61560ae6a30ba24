/** The control files of a container whose cgroup a test has chosen. */
import { existsSync, readFileSync } from 'node:fs';
import type { Resources } from '../../src/bundle/config.ts';
import { readLayout } from '../../src/cgroup/apply/read-layout.ts';
import type { Change } from './bundle-builder.ts';

export const isV2: boolean = readLayout().mode === 'v2';

/** The container's cgroup, the same in each hierarchy. */
export const inCgroup =
  (cgroupsPath: string): Change =>
  (config) => {
    config.linux.cgroupsPath = cgroupsPath;
  };

/** Beside the device rules, which stay. */
export const limited =
  (resources: Resources): Change =>
  (config) => {
    config.linux.resources = { ...config.linux.resources, ...resources };
  };

/** The folder of the cgroup in the hierarchy of this controller. */
export function cgroupFolder(cgroupsPath: string, controller: string): string {
  const { hierarchies } = readLayout();
  const found =
    hierarchies.find(({ controllers }) => controllers.includes(controller)) ??
    hierarchies.find(({ version }) => version === 2);
  if (found === undefined) throw new Error(`no hierarchy for ${controller}`);
  return `${found.mountpoint}${cgroupsPath}`;
}

/** A control file without its last newline; its name begins with the controller's. */
export function control(cgroupsPath: string, file: string): string {
  const folder = cgroupFolder(cgroupsPath, file.slice(0, file.indexOf('.')));
  return readFileSync(`${folder}/${file}`, 'utf8').trim();
}

/** Whether a v1 hierarchy, or the v2 one, has this controller. */
export function hasHierarchy(controller: string): boolean {
  return readLayout().hierarchies.some(({ controllers, version, mountpoint }) =>
    version === 1
      ? controllers.includes(controller)
      : existsSync(`${mountpoint}/cgroup.controllers`) &&
        readFileSync(`${mountpoint}/cgroup.controllers`, 'utf8').split(/\s+/).includes(controller),
  );
}
