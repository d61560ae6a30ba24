/**
 * What a user who is not root cannot ask for. Each is refused by its name, before anything is made.
 */
import { RuntError } from '../../base/errors.ts';
import type { Config } from '../../bundle/config.ts';
import { parseMountOptions } from '../../plan/mount-options.ts';
import { idmapOf } from '../../plan/bind-source.ts';

const refuse = (text: string): never => {
  throw new RuntError('usage', { text });
};

/** runc's words. */
export function refuseRootless(config: Config): void {
  refuseNetDevices(config);
  const { linux, mounts = [] } = config;
  const user = linux?.namespaces?.find(({ type }) => type === 'user');
  if (user === undefined)
    return refuse(
      'rootless container requires user namespaces (linux.namespaces: "runt spec --rootless" writes one)',
    );
  if (!user.path) {
    if (!linux?.uidMappings?.length)
      return refuse('rootless containers requires at least one UID mapping (linux.uidMappings)');
    if (!linux.gidMappings?.length)
      return refuse('rootless containers requires at least one GID mapping (linux.gidMappings)');
  }
  for (const [index, mount] of mounts.entries()) {
    const options = mount.options ?? [];
    if (idmapOf(mount, parseMountOptions(options)))
      return refuse(`mounts[${index}]: id-mapped mounts are not supported for rootless containers`);
    if (!user.path) checkOwners(config, index, options);
  }
}

export function refuseNetDevices({ linux }: Config): void {
  if (Object.keys(linux?.netDevices ?? {}).length > 0)
    refuse('network devices are not supported for rootless containers');
}

/** A file system can belong only to ids that the user namespace has. */
function checkOwners({ linux }: Config, mount: number, options: readonly string[]): void {
  for (const option of options) {
    const [, kind, digits] = /^(uid|gid)=(\d+)$/.exec(option) ?? [];
    if (kind === undefined) continue;
    const map = kind === 'uid' ? linux?.uidMappings : linux?.gidMappings;
    const id = Number(digits);
    const isMapped = map?.some(
      ({ containerID, size }) => id >= containerID && id < containerID + size,
    );
    if (!isMapped)
      refuse(
        `mounts[${mount}]: cannot specify ${option} mount option for rootless container: linux.${kind}Mappings does not map ${id}`,
      );
  }
}
