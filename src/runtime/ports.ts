/**
 * What the verbs act through: made once, by the composition root, and handed to each.
 */
import type { Logger } from '../base/log.ts';
import type { Trace } from '../base/trace.ts';
import type { Cgroups } from '../cgroup/apply/cgroups.ts';
import type { Resctrl } from '../intel-rdt/apply/resctrl.ts';
import type { Caller } from '../kernel/caller.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Store } from '../state/store.ts';
import type { Rights } from './rights.ts';

export interface ProcessIds {
  readonly uid: number;
  readonly euid: number;
  readonly egid: number;
  readonly pid: number;
}

export interface Ports {
  readonly kernel: Kernel;
  readonly cgroups: Cgroups;
  readonly store: Store;
  /** Loaded only for a config that has `linux.intelRdt`. */
  readonly resctrl: () => Promise<Resctrl>;
  readonly caller: Caller;
  readonly log: Logger;
  /** Somebody wants to know where the time goes. */
  readonly trace?: Trace;
  /** Of this process. */
  readonly ids: ProcessIds;
  /** What this process may do by who it is. */
  readonly rights: () => Rights;
}
