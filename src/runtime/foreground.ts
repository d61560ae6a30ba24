/**
 * Waiting for a process of ours in the foreground, and its end as an exit status.
 */
import type { RunningInit } from '../kernel/conversation.ts';
import type { Kernel, Readiness } from '../kernel/kernel.ts';

/** 128 and the signal for one that was killed, as shells have it. */
export function exitStatusOf(waitStatus: number): number {
  const signal = waitStatus & 0x7f;
  return signal ? 128 + signal : (waitStatus >> 8) & 0xff;
}

/** Just before a process in the foreground may run: it finds its terminal as it will be, and signals are kept for it. */
export function prepareForeground(kernel: Kernel, { terminal }: RunningInit): void {
  if (terminal !== undefined) kernel.fitTerminal(terminal);
  kernel.captureSignals();
}

export async function waitInForeground(
  kernel: Kernel,
  init: RunningInit,
  readiness?: Readiness,
): Promise<number> {
  const status = await kernel.attach(init.pid, init.pidfd, init.terminal, readiness);
  kernel.close(init.pidfd);
  if (init.terminal !== undefined) kernel.close(init.terminal);
  return exitStatusOf(status);
}
