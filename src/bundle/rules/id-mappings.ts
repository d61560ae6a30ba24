/**
 * Id mappings are runs of at least one id, within 32 bits, that overlap neither in the container nor on the host.
 *
 * The kernel would answer EINVAL for the whole list and not say why.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, IdMapping } from '../config.ts';
import { below, finding } from '../finding.ts';

const lists = ['uidMappings', 'gidMappings'] as const;
const sides = ['containerID', 'hostID'] as const;
/** 4294967295 is (uid_t)-1, "no id". */
const ids = 2 ** 32 - 1;
const mostEntries = 340;

export function idMappings({ linux, mounts = [] }: Config): Finding[] {
  return lists.flatMap((name) => [
    ...listFaults(linux?.[name] ?? [], below('/linux', name)),
    ...mounts.flatMap((mount, index) =>
      listFaults(mount[name] ?? [], below('/mounts', index, name)),
    ),
  ]);
}

function listFaults(mappings: readonly IdMapping[], at: string): Finding[] {
  const section = 'config-linux.md#user-namespace-mappings';
  if (mappings.length > mostEntries) {
    const allowed = `at most ${mostEntries} entries, the kernel's limit`;
    return [
      finding({ code: 'id-mapping-count', pointer: at, value: mappings.length, allowed, section }),
    ];
  }
  return mappings.flatMap((mapping, index) => {
    const { size } = mapping;
    if (size === 0) {
      const pointer = below(at, index, 'size');
      return finding({
        code: 'id-mapping-size',
        pointer,
        value: 0,
        allowed: 'at least 1',
        section,
      });
    }
    return sides.flatMap((side) => {
      const pointer = below(at, index, side);
      const first = mapping[side];
      if (first + size > ids) {
        const allowed = `a first id that leaves room for ${size} ids`;
        return finding({ code: 'id-mapping-size', pointer, value: first, allowed, section });
      }
      const clash = mappings.findIndex(
        (other, place) =>
          place < index && first < other[side] + other.size && other[side] < first + size,
      );
      if (clash < 0) return [];
      const allowed = `ids that entry ${clash} does not map`;
      return finding({ code: 'id-mapping-overlap', pointer, value: first, allowed, section });
    });
  });
}
