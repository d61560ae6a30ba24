/**
 * Which systemd unit a container is: its name, its slice, and where systemd puts its cgroup.
 *
 * In:  the config's linux.cgroupsPath, `slice:prefix:name`; without one, the id and the runtime's own prefix.
 * Out: `prefix-name.scope` in the slice; a name that ends in `.slice` is a slice of its own, as in runc.
 *
 * Surprising: a slice lies where its own name says, `a-b.slice` below `a.slice`, whatever slice stands before it.
 */
import { type Finding, RuntError } from '../../base/errors.ts';
import { joinNames, pathNames } from './cgroup-path.ts';

export interface ContainerUnit {
  readonly kind: 'scope' | 'slice';
  readonly name: string;
  /** The slice that a scope is in, and that a slice wants. */
  readonly slice: string;
  /** The folders of its cgroup below the manager's own. */
  readonly folders: readonly string[];
}

export interface UnitRequest {
  /** The config's linux.cgroupsPath. */
  readonly cgroupsPath?: string | undefined;
  readonly id: string;
  /** What stands before the id when the config has no path: the runtime's name. */
  readonly prefix: string;
  /** Where a container goes whose config names no slice. */
  readonly defaultSlice: 'system.slice' | 'user.slice';
}

export function containerUnit({
  cgroupsPath,
  id,
  prefix,
  defaultSlice,
}: UnitRequest): ContainerUnit {
  const path = cgroupsPath === undefined || cgroupsPath === '' ? `:${prefix}:${id}` : cgroupsPath;
  const parts = path.split(':');
  const [inSlice = '', unitPrefix = '', name = ''] = parts;
  if (parts.length !== 3)
    throw fault('systemd-cgroups-path', JSON.stringify(path), 'slice:prefix:name');
  const slice = inSlice === '' ? defaultSlice : inSlice;
  const above = sliceFolders(slice);
  if (name.endsWith('.slice')) {
    const folders = sliceFolders(name);
    // the root slice is the host itself
    if (folders.length === 0) throw badSlice(name);
    return { kind: 'slice', name, slice, folders };
  }
  const unit = `${unitPrefix}-${name}.scope`;
  checkName(unit);
  return { kind: 'scope', name: unit, slice, folders: [...above, folderOf(unit)] };
}

/** The unit's cgroup as a path from the hierarchy's root, for a manager whose ControlGroup is this one. */
export function unitCgroup(controlGroup: string, { folders }: ContainerUnit): string {
  return joinNames('/', [...(pathNames(controlGroup) ?? []), ...folders]);
}

/** `a-b.slice` → `a.slice`, `a-b.slice`; `-.slice`, the root, → nothing. */
function sliceFolders(slice: string): readonly string[] {
  const suffix = '.slice';
  const stem = slice.slice(0, -suffix.length);
  if (!slice.endsWith(suffix)) throw badSlice(slice);
  if (stem === '-') return [];
  const components = stem.split('-');
  if (components.includes('') || !legal.test(stem) || slice.length > longest) throw badSlice(slice);
  return components.map((_, last) =>
    folderOf(`${components.slice(0, last + 1).join('-')}${suffix}`),
  );
}

const longest = 255;
// no @: slices and scopes have no instances
const legal = /^[0-9A-Za-z:_.\\-]+$/;

function checkName(unit: string): void {
  if (legal.test(unit) && unit.length <= longest) return;
  const allowed = 'a unit name of letters, digits and :-_.\\, of at most 255 bytes';
  throw fault('unit-name', JSON.stringify(unit), allowed);
}

const controllers = 'cpu|cpuacct|cpuset|io|blkio|memory|devices|pids';
const filters =
  'firewall|devices|foreign|socket-bind|restrict-network-interfaces|bind-network-interface';

/** Names that could be files of a cgroup have a `_` before them there. */
const reserved = new RegExp(`^(?:[_.]|cgroup\\.|(?:${controllers})\\.slice$)`);

/** Of these systemd says so only since its version 254, or since it has the filter. */
const disputed = new RegExp(`^(?:(?:${controllers})\\..*\\.|bpf-(?:${filters})\\.)`);

function folderOf(unit: string): string {
  if (!reserved.test(unit) && disputed.test(unit)) {
    const allowed =
      'a unit name that does not begin as a file of a cgroup does, such as memory.max';
    throw fault('unit-name', JSON.stringify(unit), allowed);
  }
  return reserved.test(unit) ? `_${unit}` : unit;
}

function badSlice(slice: string): RuntError {
  const allowed = 'a name that ends in .slice, of parts with a - between';
  return fault('slice-name', slice, allowed);
}

function fault(code: string, found: string, allowed: string): RuntError {
  const finding: Finding = {
    code,
    pointer: '/linux/cgroupsPath',
    found,
    allowed,
    section: 'config-linux.md#cgroups-path',
  };
  return new RuntError('bundle-invalid', { path: 'config.json', findings: [finding] });
}
