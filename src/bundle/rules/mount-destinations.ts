/**
 * A mount has a place. A relative one is read from / and allowed, although deprecated.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';

export function mountDestinations({ mounts = [] }: Config): Finding[] {
  return mounts.flatMap(({ destination }, index) =>
    destination !== ''
      ? []
      : finding({
          code: 'mount-destination',
          pointer: below('/mounts', index, 'destination'),
          value: destination,
          allowed: 'a path inside the container',
          section: 'config.md#mounts',
        }),
  );
}
