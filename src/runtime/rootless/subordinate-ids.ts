/**
 * Which ids are lent to a user: subuid(5), subgid(5). Only for explaining: who decides is newuidmap.
 */
import type { IdMapping } from '../../bundle/config.ts';

export interface IdRange {
  readonly first: number;
  readonly size: number;
}

/** What the lines of these files may call a user: its names in passwd(5), and its number. */
export function namesOf(passwd: string, uid: number): readonly string[] {
  const names = passwd.split('\n').flatMap((line) => {
    const [name = '', , number] = line.split(':');
    return name !== '' && number === String(uid) ? [name] : [];
  });
  return [...names, String(uid)];
}

export function lentRanges(text: string, names: readonly string[]): readonly IdRange[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', first, size] = line.trim().split(':');
    const range = { first: Number(first), size: Number(size) };
    const isSound = Number.isSafeInteger(range.first) && Number.isSafeInteger(range.size);
    return names.includes(name) && isSound ? [range] : [];
  });
}

/** The first line of a map that is not lent as a whole. One's own id needs no lending. */
export function notLent(
  map: readonly IdMapping[],
  own: number,
  lent: readonly IdRange[],
): IdRange | undefined {
  const wanted = map
    .filter(({ hostID, size }) => !(hostID === own && size === 1))
    .map(({ hostID, size }) => ({ first: hostID, size }));
  return wanted.find(
    (range) =>
      !lent.some(
        ({ first, size }) => range.first >= first && range.first + range.size <= first + size,
      ),
  );
}
