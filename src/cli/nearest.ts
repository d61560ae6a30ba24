/**
 * The name that was probably meant: loaded only when one was not found.
 */

/** The name of the fewest changes, if they are few for a word of this length. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const few = Math.max(1, Math.floor(word.length / 3));
  let best: { readonly name: string; readonly changes: number } | undefined;
  for (const name of names) {
    const changes = changesBetween(word, name);
    if (changes <= few && changes < (best?.changes ?? Number.POSITIVE_INFINITY))
      best = { name, changes };
  }
  return best?.name;
}

/** Letters put in, left out, replaced or swapped with their neighbour: optimal string alignment. */
function changesBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const now = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      now[column] = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        ...(swapped ? [(beforeLast[column - 2] ?? 0) + 1] : []),
      );
    }
    [beforeLast, last] = [last, now];
  }
  return last[to.length] ?? 0;
}
