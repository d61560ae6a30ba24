/**
 * What this host has that others have not: by it the tests of this room know where they can run.
 *
 * A machine that is said to have something must have it: there these are never a reason to skip.
 */
import { existsSync, readFileSync, statfsSync } from 'node:fs';

const cgroup2Magic = 0x63677270;

/** The machine that `npm run test:vm` has booted; undefined on any other host. */
export const machine: string | undefined = process.env['RUNT_VM'];

const isOn = (file: string, value: string): boolean =>
  existsSync(file) && readFileSync(file, 'utf8').trim() === value;

export const hasAppArmor: boolean =
  machine === 'trixie' || isOn('/sys/module/apparmor/parameters/enabled', 'Y');

/** One hierarchy with every controller, and not the core alone. */
export const hasUnifiedControllers: boolean =
  machine === 'trixie' ||
  machine === 'forky' ||
  (statfsSync('/sys/fs/cgroup').type === cgroup2Magic &&
    readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8').includes('memory'));
