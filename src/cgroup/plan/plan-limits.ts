/**
 * A container's limits as writes to the control files of its cgroups.
 *
 * In:  linux.resources and where the cgroups are. Out: groups of writes, in order. Within a group one value may be refused
 *      until another is there (a quota below a burst, memory above memory with swap), and which comes first depends on
 *      what the files hold: whoever writes them goes round until all are accepted.
 */
import { RuntError } from '../../base/errors.ts';
import type { Resources } from '../../bundle/config.ts';
import { limitRules } from './limits/index.ts';
import type { LimitRule, LimitTarget, LimitWrite } from './limits/rule.ts';
import { unifiedWrites } from './limits/unified.ts';
import type { CgroupDirectory, CgroupPlacement } from './placement.ts';

export interface PlannedWrite extends LimitWrite {
  /** Place in the config, such as `linux.resources.memory.limit`. */
  readonly property: string;
  readonly controller: string;
  readonly directory: CgroupDirectory;
}

export type PlannedGroup = readonly PlannedWrite[];

/** Fails with `host-lacks` where the config asks for what the placement's cgroups cannot do. */
export function planLimits(resources: Resources, placement: CgroupPlacement): PlannedGroup[] {
  const groups = new Map<string, PlannedWrite[]>();
  for (const rule of limitRules) {
    const writes = ruleWrites(rule, resources, placement);
    if (writes.length === 0) continue;
    const name = rule.together ?? rule.property;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [...writes]);
    else group.push(...writes);
  }
  return [...groups.values(), ...unifiedGroups(resources, placement)];
}

/**
 * A limit on tasks comes into force when the container is made and nothing but its program is still to run: on the way
 * there it may take two processes more than the program needs, and a limit of 0 or 1 is a limit.
 */
export const isLate = ({ file }: PlannedWrite): boolean => file === 'pids.max';

function ruleWrites(
  rule: LimitRule,
  resources: Resources,
  placement: CgroupPlacement,
): readonly PlannedWrite[] {
  const property = `linux.resources.${rule.property}`;
  const found = whereabouts(rule, placement);
  if (found === undefined) {
    if (rule.asked(resources)) throw lacking(rule, placement, property);
    return [];
  }
  const { target, controller, directory } = found;
  return target.writes(resources).map((write) => ({ ...write, property, controller, directory }));
}

interface Whereabouts {
  readonly target: LimitTarget;
  readonly controller: string;
  readonly directory: CgroupDirectory;
}

/** v1 first: in the hybrid layout a controller that has a hierarchy of its own is not in the v2 tree. */
function whereabouts(
  { controller, v1, v2 }: LimitRule,
  { directories }: CgroupPlacement,
): Whereabouts | undefined {
  const [nameV1, nameV2] =
    typeof controller === 'string' ? [controller, controller] : [controller.v1, controller.v2];
  const hierarchy = directories.find(({ controllers }) => controllers.includes(nameV1));
  if (hierarchy && v1) return { target: v1, controller: nameV1, directory: hierarchy };
  const unified = directories.find(({ version }) => version === 2);
  if (hierarchy === undefined && unified && v2)
    return { target: v2, controller: nameV2, directory: unified };
  return undefined;
}

function lacking(
  { controller, v1, v2 }: LimitRule,
  { mode, directories }: CgroupPlacement,
  needed: string,
): RuntError {
  if (directories.length === 0)
    return new RuntError('host-lacks', { what: 'a cgroup of this container', needed });
  const name =
    typeof controller === 'string' ? controller : controller[mode === 'v2' ? 'v2' : 'v1'];
  const isOther = mode === 'v2' ? v2 === undefined : v1 === undefined;
  const what = isOther
    ? `cgroup ${mode === 'v2' ? 'v1' : 'v2'}, which alone can do that`
    : `the cgroup controller ${name}`;
  return new RuntError('host-lacks', { what, needed });
}

function unifiedGroups(resources: Resources, placement: CgroupPlacement): PlannedGroup[] {
  const wanted = unifiedWrites(resources);
  if (wanted.length === 0) return [];
  const directory = placement.directories.find(({ version }) => version === 2);
  // runc's words; the hybrid's v2 tree is not what the property speaks of
  if (placement.mode !== 'v2' || directory === undefined)
    throw new RuntError('usage', {
      text: 'invalid configuration: cannot use unified on cgroup v1 (linux.resources.unified)',
    });
  return wanted.map(({ key, controller, writes }) =>
    writes.map((write) => ({
      ...write,
      property: `linux.resources.unified["${key}"]`,
      controller,
      directory,
    })),
  );
}
