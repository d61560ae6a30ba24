/**
 * Names in linux.resources in any case of letters: runc's JSON reader takes `pagesize` for `pageSize` and `CPU` for
 * `cpu`, and callers have come to write so.
 */

/** Every name of config-linux.md#control-groups below `resources`; none of them means something else elsewhere in it. */
const names = `resources devices allow type major minor access
  memory limit reservation swap kernel kernelTCP swappiness disableOOMKiller useHierarchy checkBeforeUpdate
  cpu shares quota burst period realtimeRuntime realtimePeriod cpus mems idle pids
  blockIO weight leafWeight weightDevice rate throttleReadBpsDevice throttleWriteBpsDevice
  throttleReadIOPSDevice throttleWriteIOPSDevice hugepageLimits pageSize
  network classID priorities name priority rdma hcaHandles hcaObjects unified`.split(/\s+/);

const spelling: ReadonlyMap<string, string> = new Map(
  names.map((name) => [name.toLowerCase(), name]),
);

/** Below these the names are the user's own. */
const free: ReadonlySet<string> = new Set(['unified', 'rdma']);

/** Respells the names of `linux.resources` in place; the specification's spelling wins over any other. */
export function foldResourceNames(linux: object): void {
  fold(linux, ['resources']);
  const resources: unknown = Reflect.get(linux, 'resources');
  if (typeof resources === 'object' && resources !== null) foldAll(resources);
}

function foldAll(value: object): void {
  if (!Array.isArray(value)) fold(value, undefined);
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner !== 'object' || inner === null) continue;
    if (!free.has(name)) foldAll(inner);
    else if (name === 'rdma') for (const limit of Object.values(inner)) foldOne(limit);
  }
}

function foldOne(value: unknown): void {
  if (typeof value === 'object' && value !== null) fold(value, undefined);
}

function fold(value: object, only: readonly string[] | undefined): void {
  for (const key of Object.keys(value)) {
    const name = spelling.get(key.toLowerCase());
    if (name === undefined || name === key || (only && !only.includes(name))) continue;
    const inner: unknown = Reflect.get(value, key);
    Reflect.deleteProperty(value, key);
    if (!Object.hasOwn(value, name)) Reflect.set(value, name, inner);
  }
}
