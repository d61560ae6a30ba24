/**
 * What a service manager hands on: sockets that are open already (sd_listen_fds(3)), and a socket to tell when the
 * service is ready (sd_notify(3)).
 *
 * Only a command is such a service: a program that uses the library has its own.
 */
import type { Config } from '../bundle/config.ts';
import type { Readiness } from '../kernel/kernel.ts';
import { notifyFolder, notifySocket } from '../state/store.ts';
import type { Held } from '../state/store.ts';
import type { Ports } from './ports.ts';

export interface Activation {
  /** How many descriptors from 3 upwards are the service's. */
  readonly sockets: number;
  /** The manager's socket. */
  readonly manager?: string;
}

export function activationOf({
  kernel,
  caller,
  ids,
}: Pick<Ports, 'kernel' | 'caller' | 'ids'>): Activation {
  const { LISTEN_PID: pid, LISTEN_FDS: count = '', NOTIFY_SOCKET: manager } = caller.env;
  if (!kernel.blocking) return { sockets: 0 };
  return {
    // the variables may have come down from a service that we are not
    sockets: pid === String(ids.pid) && /^\d{1,4}$/.test(count) ? Number(count) : 0,
    ...(manager && { manager }),
  };
}

/** Where the container finds its socket. */
const inside = '/run/notify';

/** The config as it is started: of the container alone, so `exec` knows nothing of it. */
export function activatedConfig(config: Config, folder: string, activation: Activation): Config {
  const { sockets, manager } = activation;
  if (sockets === 0 && manager === undefined) return config;
  const { process, mounts = [] } = config;
  return {
    ...config,
    ...(process && {
      process: {
        ...process,
        env: [
          ...(process.env ?? []),
          ...(sockets > 0 ? [`LISTEN_FDS=${sockets}`, 'LISTEN_PID=1'] : []),
          ...(manager === undefined ? [] : [`NOTIFY_SOCKET=${inside}/${notifySocket}`]),
        ],
      },
    }),
    ...(manager !== undefined && {
      mounts: [
        ...mounts,
        {
          destination: inside,
          source: `${folder}/${notifyFolder}`,
          options: ['bind', 'nosuid', 'noexec', 'nodev', 'ro'],
        },
      ],
    }),
  };
}

/** Listens to the container, when somebody waits for its readiness and it was made to tell. */
export function listenForReadiness(
  { kernel, store, ...ports }: Pick<Ports, 'kernel' | 'store' | 'caller' | 'ids'>,
  held: Held,
): Readiness | undefined {
  const { manager } = activationOf({ kernel, ...ports });
  if (manager === undefined || !store.hasNotifyFolder(held)) return undefined;
  const socket = kernel.notifyListen(held.folder, `${notifyFolder}/${notifySocket}`);
  return { socket, manager };
}
