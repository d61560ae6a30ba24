/**
 * Names in linux.resources in any case of letters: runc's JSON reader takes `pagesize` for `pageSize` and `CPU` for
 * `cpu`, and callers have come to write so.
 */

/**
 * Every name of config-linux.md#control-groups below `resources`; none of them means something else elsewhere in it. One
 * text: this runs at every create, and nearly every name is spelled as it should be.
 */
const names = ` devices allow type major minor access
 memory limit reservation swap kernel kernelTCP swappiness disableOOMKiller useHierarchy checkBeforeUpdate
 cpu shares quota burst period realtimeRuntime realtimePeriod cpus mems idle pids
 blockIO weight leafWeight weightDevice rate throttleReadBpsDevice throttleWriteBpsDevice
 throttleReadIOPSDevice throttleWriteIOPSDevice hugepageLimits pageSize
 network classID priorities name priority rdma hcaHandles hcaObjects unified `.replaceAll('\n', '');

/** The specification's spelling; undefined for a name that is none, or spelled so already. */
function spelling(key: string): string | undefined {
  if (names.includes(` ${key} `)) return undefined;
  const at = names.toLowerCase().indexOf(` ${key.toLowerCase()} `);
  return at < 0 ? undefined : names.slice(at + 1, at + 1 + key.length);
}

/**
 * Respells the names of `linux.resources` in place; the specification's spelling wins over any other, and objects that are
 * there in two spellings are one, as runc's reader has it.
 */
export function foldResourceNames(linux: object): void {
  respell(linux, (key) => (key.toLowerCase() === 'resources' ? 'resources' : undefined));
  const resources: unknown = Reflect.get(linux, 'resources');
  if (typeof resources === 'object' && resources !== null) foldAll(resources);
}

/** Below `unified` and `rdma` the names are the user's own; what an RDMA device has is the specification's again. */
function foldAll(value: object): void {
  if (!Array.isArray(value)) respell(value, spelling);
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'object' || inner === null || name === 'unified') continue;
    if (name !== 'rdma') foldAll(inner);
    else for (const limit of Object.values(inner)) foldOne(limit);
  }
}

function foldOne(limit: unknown): void {
  if (typeof limit === 'object' && limit !== null) respell(limit, spelling);
}

function respell(value: object, spell: (key: string) => string | undefined): void {
  for (const key of Object.keys(value)) {
    const name = spell(key);
    if (name === undefined || name === key) continue;
    const inner: unknown = Reflect.get(value, key);
    Reflect.deleteProperty(value, key);
    if (!Object.hasOwn(value, name)) Reflect.set(value, name, inner);
    else addMissing(Reflect.get(value, name), inner);
  }
}

function addMissing(to: unknown, from: unknown): void {
  if (!isObject(to) || !isObject(from)) return;
  for (const [key, inner] of Object.entries(from))
    if (!Object.hasOwn(to, key)) Reflect.set(to, key, inner);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
