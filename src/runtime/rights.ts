/**
 * Who runs the runtime, and so what it may do: asked of the host once, and only by verbs that make something.
 */
import { ownCgroupUser, privilegeOf } from '../kernel/user-namespace.ts';
import type { Privilege } from '../plan/input.ts';

/** `--rootless`: whether cgroups that may not be made or filled are done without. */
export type Rootless = boolean | 'auto';

export interface Rights {
  readonly privilege: Privilege;
  /** Cgroups that this user may not make or fill are done without. */
  readonly mayLackCgroups: boolean;
  /** Units are made by the user's own service manager, not by the system's. */
  readonly usersManager: boolean;
}

export interface RightsRequest {
  readonly rootless: Rootless;
  readonly euid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function rightsOf({ rootless, euid, env }: RightsRequest): Rights {
  const privilege = privilegeOf(euid);
  const said = rootless === 'auto' ? undefined : rootless;
  return {
    privilege,
    mayLackCgroups: said ?? privilege !== 'host',
    usersManager:
      said ?? (privilege === 'none' || (privilege === 'namespace' && isUsersSession(env))),
  };
}

/** Root of a user namespace may be a user of the host (rootless podman), or root of a machine with a systemd of its own. */
function isUsersSession(env: RightsRequest['env']): boolean {
  const user = ownCgroupUser();
  if (user !== undefined) return user !== 0;
  return Boolean(env['DBUS_SESSION_BUS_ADDRESS'] ?? env['XDG_RUNTIME_DIR']);
}
