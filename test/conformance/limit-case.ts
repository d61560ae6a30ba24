/**
 * The two shapes of a case about limits: the control file holds what the config says, or the host cannot hold to it and
 * the message says which property asked.
 */
import { equal, match } from 'node:assert/strict';
import { type Case, life, refused } from './case.ts';
import { type ControlFiles, needsFile, readControl } from './control-files.ts';

/** What the file has to hold. */
type Expected = string | RegExp;

const holds = (expected: Expected, text: string, where: string): void =>
  typeof expected === 'string' ? equal(text, expected, where) : match(text, expected, where);

type Members = Readonly<Record<string, unknown>>;
type Extra = Pick<Case, 'peers' | 'needs'>;

export const changeOf = (members: Members): Members =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [`/linux/resources/${name}`, value]),
  );

/** The container is made, and its cgroup holds what the config says. */
export function applied(
  [section, says]: readonly [section: string, says: string],
  members: Members,
  found: readonly (readonly [files: ControlFiles, v1: Expected, v2?: Expected])[],
  extra: Extra = {},
): Case {
  const needs = (): string | undefined =>
    extra.needs?.() ?? found.map(([files]) => needsFile(files)).find((why) => why !== undefined);
  return life([`config-linux.md#${section}`, 'MUST', says], {
    ...extra,
    needs,
    change: changeOf(members),
    live: ({ create, world }) => {
      const { status, stderr } = create();
      equal(status, 0, stderr);
      for (const [files, v1, v2 = v1] of found) {
        const { version, text } = readControl(files, world.cgroup);
        holds(version === 1 ? v1 : v2, text, `${version === 1 ? files.v1 : files.v2}: ${text}`);
      }
    },
  });
}

/** The host has nothing that could hold to it: the message says which property asks for it. */
export function unable(
  [section, says]: readonly [section: string, says: string],
  members: Members,
  property: string,
  extra: Extra = {},
): Case {
  return refused([`config-linux.md#${section}`, 'MUST', says], {
    ...extra,
    change: changeOf(members),
    message: `linux.resources.${property}`,
  });
}
