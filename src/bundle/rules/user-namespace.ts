/**
 * Id mappings and a user namespace belong together.
 *
 * A new user namespace without mappings has no ids at all; a joined one brings its own.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';
import { namespaceOf } from '../namespaces.ts';

export function userNamespace(config: Config): Finding[] {
  const namespace = namespaceOf(config, 'user');
  const missing = namespace !== undefined && namespace.path === undefined;
  return (['uidMappings', 'gidMappings'] as const).flatMap((name) => {
    const mappings = config.linux?.[name] ?? [];
    const fault = {
      code: 'user-namespace-mappings',
      pointer: below('/linux', name),
      value: config.linux?.[name],
      section: 'config-linux.md#user-namespace-mappings',
    };
    if (mappings.length > 0 && namespace === undefined) {
      const allowed =
        "none: user namespace mappings specified, but user namespace isn't enabled in the config";
      return finding({ ...fault, allowed });
    }
    if (mappings.length === 0 && missing) {
      const allowed =
        'a mapping: user namespaces enabled, but no namespace path to join nor mappings to apply specified';
      return finding({ ...fault, allowed });
    }
    return [];
  });
}
