/**
 * A bind mount shows something that is already mounted: it has a source, and no options for a filesystem.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';
import { isBindMount, isDataOption } from '../mount-options.ts';

export function mountBind({ mounts = [] }: Config): Finding[] {
  return mounts.flatMap((mount, index) => {
    if (!isBindMount(mount)) return [];
    // a remount changes what is there already
    const needsSource = mount.options?.includes('remount') !== true;
    const sourceFault =
      !needsSource || (mount.source ?? '') !== ''
        ? []
        : finding({
            code: 'mount-bind-source',
            pointer: below('/mounts', index, 'source'),
            value: mount.source,
            allowed: 'a path to bind',
            section: 'config.md#mounts',
          });
    const optionFaults = (mount.options ?? []).flatMap((option, place) =>
      !isDataOption(option)
        ? []
        : finding({
            code: 'mount-bind-data',
            pointer: below('/mounts', index, 'options', place),
            value: option,
            allowed:
              'an option of the mount: bind mounts cannot have any filesystem-specific options applied',
            section: 'config.md#linux-mount-options',
          }),
    );
    return [sourceFault, optionFaults].flat();
  });
}
