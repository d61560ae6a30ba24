/**
 * Access times, as mount(2) counts them: a word that asks for a mode settles all of them (relatime where nothing else
 * is said), a word that only takes one away changes nothing. So a bind mount keeps its source's unless one is named.
 */
import { type Attributes, mountAttr } from './flags.ts';

type Mode = 'noAtime' | 'strictAtime' | 'relAtime' | 'noDirAtime';

const words: ReadonlyMap<string, readonly [mode: Mode, on: boolean]> = new Map([
  ['noatime', ['noAtime', true]],
  ['atime', ['noAtime', false]],
  ['strictatime', ['strictAtime', true]],
  ['nostrictatime', ['strictAtime', false]],
  ['relatime', ['relAtime', true]],
  ['norelatime', ['relAtime', false]],
  ['nodiratime', ['noDirAtime', true]],
  ['diratime', ['noDirAtime', false]],
]);

export const isAtimeWord = (option: string): boolean => words.has(option);

export function atimeAttributes(options: readonly string[]): Attributes {
  const modes = new Set<Mode>();
  for (const option of options) {
    const [mode, on] = words.get(option) ?? [];
    if (mode !== undefined && on === true) modes.add(mode);
    else if (mode !== undefined) modes.delete(mode);
  }
  if (modes.size === 0) return { set: 0, clear: 0 };
  const plain = modes.has('noAtime') ? mountAttr.noAtime : 0;
  const mode = modes.has('strictAtime') ? mountAttr.strictAtime : plain;
  return {
    set: mode | (modes.has('noDirAtime') ? mountAttr.noDirAtime : 0),
    clear: mountAttr.atimeMask | mountAttr.noDirAtime,
  };
}
