/**
 * Joins the rooms: builds the real kernel, cgroups and store, and makes a `Runtime` of the verbs.
 *
 * Each verb is loaded when it is called: `state` loads no validator and no planner.
 */
import { readFileSync } from 'node:fs';
import type { Logger } from './base/log.ts';
import type { Trace } from './base/trace.ts';
import type { CgroupManager, Cgroups } from './cgroup/apply/cgroups.ts';
import { openCgroups } from './cgroup/apply/open-cgroups.ts';
import type { Caller } from './kernel/caller.ts';
import { createKernel, type Kernel } from './kernel/kernel.ts';
import type { Watch } from './kernel/watch.ts';
import type { KernelFacts } from './plan/input.ts';
import type { Ports, ProcessIds } from './runtime/ports.ts';
import { type Rights, type Rootless, rightsOf } from './runtime/rights.ts';
import type { SpecHost } from './runtime/spec.ts';
import type { Runtime } from './runtime/runtime.ts';
import { openStore } from './state/store.ts';

export interface RuntimeOptions {
  /** Where containers are remembered, such as `/run/runt`. */
  readonly root: string;
  readonly log: Logger;
  readonly caller: Caller;
  /** Waits for a program with an event loop; without it, waits stop the whole process, as a command line wants it. */
  readonly watch?: Watch;
  /** Who makes the cgroups of new containers. */
  readonly cgroupManager: CgroupManager;
  /** Whether cgroups that may not be made are done without: `auto` for whom is not root of the host. */
  readonly rootless: Rootless;
  /** What units are called before the id: by default `runt`. */
  readonly unitPrefix?: string;
  /** Is told where the time goes. */
  readonly trace?: Trace;
  /** In place of what the kernel can do: for tests of what older ones do. */
  readonly facts?: Partial<KernelFacts>;
}

function cgroupsOf(kernel: Kernel, options: RuntimeOptions, rights: () => Rights): Cgroups {
  const ports = {
    send(pid: number, signal: number) {
      const pidfd = kernel.pidfdOpen(pid);
      if (pidfd === undefined) return;
      try {
        kernel.pidfdSignal(pidfd, signal);
      } finally {
        kernel.close(pidfd);
      }
    },
    programs: { replace: kernel.deviceProgram },
    bus: { env: options.caller.env, blocking: options.watch === undefined },
  };
  const { cgroupManager: manager, unitPrefix: prefix = 'runt' } = options;
  return openCgroups(ports, {
    manager,
    prefix,
    usersManager: () => rights().usersManager,
    mayLack: () => rights().mayLackCgroups,
  });
}

export function composeRuntime(options: RuntimeOptions): Runtime {
  const { root, log, caller, watch, facts, rootless } = options;
  const ids = processIds();
  let found: Rights | undefined;
  const rights = (): Rights => (found ??= rightsOf({ rootless, euid: ids.euid, env: caller.env }));
  let made: Ports | undefined;
  /** Made once, on first use: `validate` and `--version` need none of it. */
  const ports = (): Ports => {
    if (made) return made;
    const whole = createKernel(watch);
    const kernel = facts ? { ...whole, facts: () => ({ ...whole.facts(), ...facts }) } : whole;
    made = {
      kernel,
      cgroups: cgroupsOf(kernel, options, rights),
      store: openStore(root, kernel, rootMode(root, caller)),
      resctrl: async () => (await import('./intel-rdt/apply/resctrl.ts')).resctrl(),
      caller,
      log,
      ids,
      rights,
      ...(options.trace && { trace: options.trace }),
    };
    return made;
  };
  return {
    create: async (request) => (await import('./runtime/create.ts')).create(ports(), request),
    start: async (id) => (await import('./runtime/start.ts')).start(ports(), id),
    run: async (request) => (await import('./runtime/run.ts')).run(ports(), request),
    wait: async (id) => (await import('./runtime/wait.ts')).wait(ports(), id),
    exec: async (request) => (await import('./runtime/exec.ts')).exec(ports(), request),
    kill: async (request) => (await import('./runtime/kill.ts')).kill(ports(), request),
    pause: async (id) => (await import('./runtime/pause.ts')).pause(ports(), id),
    resume: async (id) => (await import('./runtime/pause.ts')).resume(ports(), id),
    update: async (request) => (await import('./runtime/update.ts')).update(ports(), request),
    async *events(request) {
      yield* (await import('./runtime/events.ts')).events(ports(), request);
    },
    processes: async (id) => (await import('./runtime/ps.ts')).processes(ports(), id),
    processTable: async (request) =>
      (await import('./runtime/ps.ts')).processTable(ports(), request),
    delete: async (request) =>
      (await import('./runtime/delete.ts')).deleteContainer(ports(), request),
    state: async (id) => (await import('./runtime/state.ts')).state(ports(), id),
    list: async (absent) => (await import('./runtime/state.ts')).list(ports(), absent),
    listIds: async (absent) => (await import('./runtime/state.ts')).listIds(ports(), absent),
    spec: async (request) => (await import('./runtime/spec.ts')).spec(request, specHost()),
    plan: async (bundle) =>
      (await import('./runtime/plan-document.ts')).planDocument(ports(), bundle),
    validate: async (bundle) => (await import('./bundle/load.ts')).examineBundle(bundle),
    features: async () => (await import('./runtime/features.ts')).features(),
    doctor: async () => (await import('./runtime/doctor.ts')).doctor({ ...ports(), root }),
    trace: async (path) => (await import('./runtime/trace.ts')).readTrace(path),
    version: async () => (await import('./runtime/version.ts')).version(),
  };
}

/** In a user's own runtime folder the sticky bit keeps it from whoever removes what looks old there (basedir-spec). */
function rootMode(root: string, { env }: Caller): number {
  const runtimeFolder = env['XDG_RUNTIME_DIR'];
  return runtimeFolder && root.startsWith(`${runtimeFolder}/`) ? 0o1700 : 0o711;
}

const processIds = (): ProcessIds => ({
  uid: process.getuid?.() ?? 0,
  euid: process.geteuid?.() ?? 0,
  egid: process.getegid?.() ?? 0,
  pid: process.pid,
});

const specHost = (): SpecHost => ({ cgroupV2: isCgroupV2(), ...processIds() });

/** Whether /sys/fs/cgroup itself is the one v2 tree. */
function isCgroupV2(): boolean {
  return /^[^\n]* \/sys\/fs\/cgroup [^\n]* - cgroup2 /m.test(
    readFileSync('/proc/self/mountinfo', 'utf8'),
  );
}
