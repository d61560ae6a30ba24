/**
 * An id-mapped mount has both kinds of mappings or neither, is a bind mount, and without mappings of its own takes the
 * container's, which must then exist.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, Mount } from '../config.ts';
import { below, finding } from '../finding.ts';
import { isBindMount } from '../mount-options.ts';
import { hasNamespace } from '../namespaces.ts';

export function mountIdmap(config: Config): Finding[] {
  return (config.mounts ?? []).flatMap((mount, index) => faultOf(mount, index, config));
}

function faultOf(mount: Mount, index: number, config: Config): Finding[] {
  const uids = mount.uidMappings?.length ?? 0;
  const gids = mount.gidMappings?.length ?? 0;
  const option = mount.options?.find((name) => name === 'idmap' || name === 'ridmap');
  const mapped = uids > 0 || gids > 0;
  if (!mapped && option === undefined) return [];

  const at = below('/mounts', index);
  const section = 'config.md#posix-platform-mounts';
  if (uids > 0 !== gids > 0) {
    const missing = uids > 0 ? 'gidMappings' : 'uidMappings';
    const allowed = 'both: id-mapped mounts must have both uid and gid mappings specified';
    const value = mount[missing];
    return [
      finding({ code: 'mount-idmap-pair', pointer: below(at, missing), value, allowed, section }),
    ];
  }
  if (!isBindMount(mount)) {
    const allowed = 'the option bind or rbind: id-mapped mounts are only supported for bind-mounts';
    const value = mount.options;
    return [
      finding({ code: 'mount-idmap-bind', pointer: below(at, 'options'), value, allowed, section }),
    ];
  }
  if (!mapped && !hasNamespace(config, 'user')) {
    const allowed = `mappings of the mount, or a user namespace whose mappings ${option} can take`;
    const value = mount.uidMappings;
    return [
      finding({
        code: 'mount-idmap-source',
        pointer: below(at, 'uidMappings'),
        value,
        allowed,
        section,
      }),
    ];
  }
  return [];
}
