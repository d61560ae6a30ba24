/**
 * Id maps of a user who is not root: its own id it may map itself, any other only newuidmap and newgidmap may, which
 * read in /etc/subuid and /etc/subgid whom the ids are lent to.
 */
import { RuntError } from '../../base/errors.ts';
import type { IdMapping } from '../../bundle/config.ts';
import { isProgram } from '../../kernel/host/programs.ts';
import { textOf } from '../../kernel/host/read.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type IdMaps, writeIdMap, writeProcFile } from '../id-maps.ts';
import { lentRanges, namesOf, notLent } from './subordinate-ids.ts';

export interface MappingUser {
  readonly euid: number;
  readonly egid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kernel: Pick<Kernel, 'command'>;
}

/** Whether a map is the one that needs nobody else: its writer's own id, alone. */
export const isOwnId = (map: readonly IdMapping[], own: number): boolean =>
  map.length === 1 && map[0]?.size === 1 && map[0].hostID === own;

export function mapIds(pid: number, maps: IdMaps, user: MappingUser): void {
  if (isOwnId(maps.uid, user.euid)) writeIdMap(pid, 'uid', maps.uid);
  else runTool(pid, 'uid', maps.uid, user);
  if (isOwnId(maps.gid, user.egid)) {
    // the kernel's condition: else a group could be dropped that takes rights away
    writeProcFile(pid, 'setgroups', 'deny', 'linux.gidMappings');
    writeIdMap(pid, 'gid', maps.gid);
  } else runTool(pid, 'gid', maps.gid, user);
}

/** `newuidmap PID CONTAINER-ID HOST-ID SIZE …` */
function runTool(
  pid: number,
  kind: 'uid' | 'gid',
  map: readonly IdMapping[],
  user: MappingUser,
): void {
  const tool = `new${kind}map`;
  const property = `linux.${kind}Mappings`;
  const path = inPath(tool, user.env['PATH']);
  if (path === undefined) throw new RuntError('id-map-tool', { tool, property });
  const numbers = map.flatMap(({ containerID, hostID, size }) => [containerID, hostID, size]);
  const said = failureOf(user.kernel, [path, ...[pid, ...numbers].map(String)]);
  if (said === undefined) return;
  const file = `/etc/sub${kind}`;
  const own = kind === 'uid' ? user.euid : user.egid;
  const names = namesOf(textOf('/etc/passwd') ?? '', user.euid);
  const missing = notLent(map, own, lentRanges(textOf(file) ?? '', names));
  throw new RuntError('id-map-refused', {
    property,
    said: said === '' ? `${tool} failed` : said,
    file,
    user: names[0] ?? String(user.euid),
    ...(missing && { missing }),
  });
}

const inPath = (name: string, path = '/usr/local/bin:/usr/bin:/bin'): string | undefined =>
  path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => `${folder}/${name}`)
    .find(isProgram);

/** What it said when it failed. */
function failureOf(kernel: MappingUser['kernel'], words: readonly string[]): string | undefined {
  const { status, stderr } = kernel.command(words);
  return status === 0 ? undefined : stderr.trim();
}
