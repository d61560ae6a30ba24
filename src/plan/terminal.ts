/**
 * The process's terminal: opened in the container's own devpts, its other end handed to the runtime.
 */
import type { Process } from '../bundle/config.ts';
import { make } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';
import type { Draft } from './plan.ts';

/** The tag under which the master end is sent. */
export const terminalTag = 1;

const origin = 'process.terminal';

/** Returns the slot with the process's end. */
export function openTerminal(draft: Draft, root: Slot, process: Process): Slot {
  const master = draft.takeSlot();
  const terminal = draft.takeSlot();
  draft.add(
    'open a terminal on /dev/ptmx',
    {
      kind: 'openTerminal',
      root,
      path: '/dev/ptmx',
      rows: process.consoleSize?.height ?? 0,
      columns: process.consoleSize?.width ?? 0,
      master,
      terminal,
    },
    {
      origin,
      explain: {
        ENOENT: 'the container has no devpts: it needs a mount of type devpts on /dev/pts',
        ENODEV: '/dev/ptmx is not a terminal multiplexer',
      },
    },
  );
  draft.add(
    "hand over the terminal's other end",
    { kind: 'sendDescriptor', descriptor: master, tag: terminalTag },
    { origin },
  );
  draft.release(master);
  return terminal;
}

/** /dev/console is the terminal (config-linux.md#default-devices). */
export function bindConsole(draft: Draft, mounts: MountApi, root: Slot, terminal: Slot): void {
  const copy = draft.takeSlot();
  const target = draft.takeSlot();
  mounts.copyTree('copy the terminal for /dev/console', terminal, false, copy, { origin });
  draft.add(
    'open /dev/console',
    {
      kind: 'openTarget',
      root,
      path: '/dev/console',
      make: make.file,
      like: copy,
      mode: 0o666,
      resolve: 0,
      into: target,
    },
    { origin },
  );
  mounts.attach('bind the terminal to /dev/console', copy, target, { origin });
  draft.release(copy, target);
}
