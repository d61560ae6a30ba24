/**
 * What `create` and `run` have in common: the options, and the request that they make.
 */
import type { CreateRequest } from '../../runtime/requests.ts';
import type { Caller } from '../caller.ts';
import { count, flag, given, path } from '../option.ts';
import type { Option, OptionTable, OptionValues } from '../option.ts';

export interface CreateOptions extends OptionTable {
  readonly bundle: Option<string | undefined>;
  readonly consoleSocket: Option<string | undefined>;
  readonly pidfdSocket: Option<string | undefined>;
  readonly pidFile: Option<string | undefined>;
  readonly noPivot: Option<boolean>;
  readonly noNewKeyring: Option<boolean>;
  readonly preserveFds: Option<number>;
}

/** More descriptors than Linux lets any process have (fs.nr_open) is a typing error. */
export const preserveFds: Option<number> = count(
  'keep this many descriptors from 3 upwards open in the container (stdio + $LISTEN_FDS + N in total) (default: 0)',
  'number of descriptors',
  1_048_576,
);

export const consoleSocket: Option<string | undefined> = path(
  "AF_UNIX socket that receives the master end of the console's pseudoterminal",
);

export const pidfdSocket: Option<string | undefined> = path(
  'AF_UNIX socket that receives a pidfd of the new process',
);

export const pidFile: Option<string | undefined> = path('file to write the process id to');

export const bundle: Option<string | undefined> = path(
  'folder with config.json (default: the current directory)',
  { short: 'b' },
);

export const createOptions: CreateOptions = {
  bundle,
  consoleSocket,
  pidfdSocket,
  pidFile,
  noPivot: flag('do not use pivot_root: needed where the rootfs is on top of a ramdisk'),
  noNewKeyring: flag('leave the container in the session keyring of the caller'),
  preserveFds,
};

export function createRequest(
  id: string,
  options: OptionValues<CreateOptions>,
  caller: Caller,
): CreateRequest {
  return {
    id,
    bundle: options.bundle ?? caller.absolute('.'),
    noPivot: options.noPivot,
    noNewKeyring: options.noNewKeyring,
    preserveFds: options.preserveFds,
    ...given({
      consoleSocket: options.consoleSocket,
      pidfdSocket: options.pidfdSocket,
      pidFile: options.pidFile,
    }),
  };
}
