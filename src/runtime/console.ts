/**
 * Who gets the other end of a terminal: a console socket when nobody waits in the foreground, else ourselves.
 */
import { RuntError } from '../base/errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RunningInit } from '../kernel/conversation.ts';

/** runc's two rules, and its words. */
export function checkConsole(
  terminal: boolean,
  detached: boolean,
  consoleSocket: string | undefined,
): void {
  if (terminal && detached && consoleSocket === undefined)
    throw new RuntError('console-rule', {
      text: 'cannot allocate tty if runc will detach without setting console socket',
      rule: 'needs-socket',
    });
  if (consoleSocket !== undefined && !(detached && terminal))
    throw new RuntError('console-rule', {
      text: 'cannot use console socket if runc will not detach or allocate tty',
      rule: 'needs-no-socket',
    });
}

export function giveAway(
  kernel: Kernel,
  init: RunningInit,
  sockets: { readonly consoleSocket?: string; readonly pidfdSocket?: string },
  pidfdPayload: 'standard' | 'setns',
): void {
  if (sockets.consoleSocket !== undefined && init.terminal !== undefined) {
    kernel.handOver(sockets.consoleSocket, '/dev/ptmx', init.terminal, 'the terminal');
    kernel.close(init.terminal);
    delete init.terminal;
  }
  if (sockets.pidfdSocket !== undefined)
    kernel.handOver(sockets.pidfdSocket, pidfdPayload, init.pidfd, 'the pidfd');
}
