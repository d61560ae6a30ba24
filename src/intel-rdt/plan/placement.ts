/**
 * Where a container stands in the resctrl file system, and which of its groups are the container's own to remove
 * (config-linux.md#intelrdt).
 *
 * A control group is a class of service; the monitoring group of a container lies within it.
 */
import type { IntelRdt } from '../../bundle/config.ts';

/** As the container's record keeps it, from before anything is made. */
export interface RdtPlacement {
  /** Folder of the control group. */
  readonly group: string;
  /** Folder of the container's own monitoring group. */
  readonly monitoring?: string;
  /**
   * When the control group goes: with the container, only with a container that could not be made, or never, since
   * others use it or made it.
   */
  readonly groupEnds: 'with-container' | 'unless-made' | 'never';
}

/** What is to be in the file `schemata`, in this order; empty: it is not touched. */
export function schemataLines({
  l3CacheSchema = '',
  memBwSchema = '',
  schemata = [],
}: IntelRdt): readonly string[] {
  return [l3CacheSchema, memBwSchema, ...schemata].filter((line) => line !== '');
}

export function groupFolder({ closID = '' }: IntelRdt, id: string, mountpoint: string): string {
  return closID === '/' ? mountpoint : `${mountpoint}/${closID === '' ? id : closID}`;
}

/** undefined: the class must be there already, and is not. */
export function placeInResctrl(
  wanted: IntelRdt,
  id: string,
  mountpoint: string,
  groupExists: boolean,
): RdtPlacement | undefined {
  const group = groupFolder(wanted, id, mountpoint);
  const named = Boolean(wanted.closID);
  if (named && !groupExists && schemataLines(wanted).length === 0) return undefined;
  const ends = named ? 'unless-made' : 'with-container';
  return {
    group,
    ...(wanted.enableMonitoring && { monitoring: `${group}/mon_groups/${id}` }),
    groupEnds: groupExists ? 'never' : ends,
  };
}

/** The folders whose `tasks` a process of the container is written to. */
export const foldersOf = ({ group, monitoring }: RdtPlacement): readonly string[] =>
  monitoring === undefined ? [group] : [group, monitoring];
