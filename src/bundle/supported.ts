/**
 * What this version of runt does not do yet: used by create and run to refuse by name, never to ignore in silence.
 *
 * The table is data. A property that has been built loses its line here, and nothing else changes.
 */
import type { Config } from './config.ts';
import { below } from './finding.ts';

interface Gap {
  /** JSON pointer; `*` is every element. */
  readonly at: string;
  /** Whether 0 asks for something here; elsewhere callers write 0 for "leave it alone". */
  readonly zeroCounts?: true;
  /** The value that asks for no limit, which is what there is. */
  readonly unlimited?: number;
}

const configGaps: readonly Gap[] = [
  { at: '/linux/resources/memory' },
  { at: '/linux/resources/memory/swappiness', zeroCounts: true },
  { at: '/linux/resources/cpu' },
  { at: '/linux/resources/pids/limit', zeroCounts: true, unlimited: -1 },
  { at: '/linux/resources/blockIO' },
  { at: '/linux/resources/hugepageLimits' },
  { at: '/linux/resources/network' },
  { at: '/linux/resources/rdma', zeroCounts: true },
  { at: '/linux/resources/unified' },
];

/** Whether nothing of a property is missing, as `/linux/resources/rdma`. */
export const isSupported = (pointer: string): boolean =>
  !configGaps.some(({ at }) => at === pointer || at.startsWith(`${pointer}/`));

/** Pointers of everything in the config that is not done, such as `/linux/seccomp`. */
export function unsupportedProperties(config: Config): string[] {
  return configGaps.flatMap((gap) => search(gap, config));
}

export function firstUnsupported(config: Config): string | undefined {
  return unsupportedProperties(config)[0];
}

function search(gap: Gap, document: unknown): string[] {
  const found: string[] = [];
  // the first name is the empty one before the first slash
  collect(gap, gap.at.split('/'), 1, '', document, found);
  return found;
}

/** Most configs lack most of the properties, so this ends early; it runs at every start, and makes nothing it need not. */
function collect(
  gap: Gap,
  names: readonly string[],
  depth: number,
  at: string,
  value: unknown,
  found: string[],
): void {
  const name = names[depth];
  if (name === undefined) {
    if (asks(gap, value)) found.push(at);
  } else if (typeof value === 'object' && value !== null) {
    const keys = name === '*' ? Object.keys(value) : name in value ? [name] : [];
    for (const key of keys) {
      collect(gap, names, depth + 1, below(at, key), Reflect.get(value, key), found);
    }
  }
}

function asks(gap: Gap, value: unknown): boolean {
  if (value === gap.unlimited) return false;
  return !isEmpty(value, gap.zeroCounts === true);
}

/** Whether a value asks for nothing: callers write whole sections of empty lists, empty strings and zeros. */
function isEmpty(value: unknown, zeroCounts: boolean): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).every((inner) => isEmpty(inner, zeroCounts));
  }
  return value === undefined || value === '' || value === false || (value === 0 && !zeroCounts);
}
