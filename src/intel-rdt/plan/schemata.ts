/**
 * Whether a class that exists has the schemata that a config asks for. Not letter by letter: the kernel pads
 * numbers, orders caches, and rounds bandwidths up to what the hardware can do.
 */
import type { IntelRdt } from '../../bundle/config.ts';

/** Name of the resource, and value by cache. */
interface Schema {
  readonly resource: string;
  readonly values: ReadonlyMap<string, string>;
}

/** The first wanted line that the class does not have; undefined when it has all. `granularity` is of info/MB. */
export function schemataMismatch(
  { l3CacheSchema = '', memBwSchema = '' }: IntelRdt,
  present: string,
  granularity: number,
): string | undefined {
  const found = new Map(
    present.split('\n').map((line) => {
      const { resource, values } = parse(line);
      return [resource, values] as const;
    }),
  );
  const wanted = [...l3CacheSchema.split('\n'), memBwSchema].filter((line) => line.trim() !== '');
  return wanted.find((line) => {
    const { resource, values } = parse(line);
    const own = found.get(resource);
    return [...values].some(
      ([cache, value]) => !isSame(resource, value, own?.get(cache), granularity),
    );
  });
}

function parse(line: string): Schema {
  const [resource = '', rest = ''] = line.split(':', 2);
  const pairs = rest.split(';').flatMap((pair): [string, string][] => {
    const [cache = '', value = ''] = pair.split('=', 2);
    return cache.trim() === '' ? [] : [[plain(cache), plain(value)]];
  });
  return { resource: resource.trim(), values: new Map(pairs) };
}

/** `00ff`, `FF` and ` ff` are one number. */
const plain = (number: string): string =>
  number
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, '');

function isSame(
  resource: string,
  wanted: string,
  present: string | undefined,
  granularity: number,
): boolean {
  if (wanted === present) return true;
  if (resource !== 'MB' || granularity <= 0) return false;
  return Math.ceil(Number(wanted) / granularity) * granularity === Number(present);
}
