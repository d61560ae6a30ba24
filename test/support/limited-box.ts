/**
 * Cgroups of v1 for a case about limits, to be called in a `describe`: new ones for each case.
 */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import type { Resources } from '../../src/bundle/config.ts';
import { createCgroup } from '../../src/cgroup/apply/create.ts';
import { changeLimits } from '../../src/cgroup/apply/limits.ts';
import { readLayout } from '../../src/cgroup/apply/read-layout.ts';
import { mergeResources } from '../../src/cgroup/plan/merge-resources.ts';
import type { CgroupDirectory, CgroupPlacement } from '../../src/cgroup/plan/placement.ts';
import { cgroupSandbox, type CgroupSandbox } from './cgroup-sandbox.ts';

export const hasController = (name: string): boolean =>
  readLayout().hierarchies.some(({ controllers }) => controllers.includes(name));

export const canLimitV1: boolean =
  process.getuid?.() === 0 && readLayout().mode !== 'v2' && hasController('memory');

export interface LimitedBox {
  readonly placement: CgroupPlacement;
  directory(controller: string): CgroupDirectory;
  /** A control file without its last newline; its name tells the controller. */
  read(file: string): string;
  /** As `update` does; answers with the limits to be kept. */
  change(before: Resources, asked: Resources): Resources;
}

export function limitedBox(): LimitedBox {
  let sandbox: CgroupSandbox | undefined;
  let placement: CgroupPlacement = { mode: 'v1', directories: [] };
  beforeEach(() => {
    sandbox = cgroupSandbox();
    placement = sandbox.place('box');
    createCgroup(placement);
  });
  afterEach(() => sandbox?.end());
  const directory = (controller: string): CgroupDirectory => {
    const found = placement.directories.find(({ controllers }) => controllers.includes(controller));
    if (found === undefined) throw new Error(`no ${controller} hierarchy`);
    return found;
  };
  return {
    get placement() {
      return placement;
    },
    directory,
    read: (file) =>
      readFileSync(`${directory(file.slice(0, file.indexOf('.'))).path}/${file}`, 'utf8').trim(),
    change(before, asked) {
      const after = mergeResources(before, asked);
      changeLimits(placement, { before, after, asked });
      return after;
    },
  };
}
