/**
 * `exec --cgroup`: a cgroup below the container's own, for the new process alone.
 */
import { RuntError } from '../../base/errors.ts';
import { isWithin, joinNames, pathNames } from './cgroup-path.ts';
import type { CgroupPlacement } from './placement.ts';

/**
 * The placement with those directories moved down that the words name: `PATH` for all of them, or on v1
 * `CONTROLLER[,CONTROLLER…]:PATH` for some.
 */
export function subCgroup(placement: CgroupPlacement, words: readonly string[]): CgroupPlacement {
  const wanted = words.map(parseWord);
  for (const { controllers } of wanted)
    for (const name of controllers) demandController(placement, name);
  return {
    ...placement,
    directories: placement.directories.map((directory) => {
      const found = wanted.findLast(
        ({ controllers }) =>
          controllers.length === 0 ||
          controllers.some((name) => directory.controllers.includes(name)),
      );
      return found === undefined
        ? directory
        : { ...directory, path: pathBelow(directory.path, found.path) };
    }),
  };
}

interface Word {
  readonly controllers: readonly string[];
  readonly path: string;
}

function parseWord(word: string): Word {
  const colon = word.indexOf(':');
  if (colon < 0) return { controllers: [], path: word };
  return { controllers: word.slice(0, colon).split(','), path: word.slice(colon + 1) };
}

function demandController({ mode, directories }: CgroupPlacement, name: string): void {
  if (mode === 'v2')
    throw new RuntError('usage', {
      text: `--cgroup: cgroup v2 has one hierarchy for all controllers: want a path without "${name}:"`,
    });
  if (directories.some(({ controllers }) => controllers.includes(name))) return;
  throw new RuntError('usage', { text: `--cgroup: unknown controller ${name}` });
}

function pathBelow(base: string, path: string): string {
  const names = pathNames(path);
  const below = names && joinNames(base, names);
  if (below === undefined || path.includes('\0') || !isWithin(below, base))
    throw new RuntError('usage', { text: `bad sub cgroup path: ${path}` });
  return below;
}
