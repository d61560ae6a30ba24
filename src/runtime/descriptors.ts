/**
 * `--preserve-fds`: only what the caller gave may be handed on, never a descriptor of the engine's own.
 */
import { RuntError } from '../base/errors.ts';
import type { Caller } from '../kernel/caller.ts';

export function checkPreserved(caller: Caller, count: number): void {
  for (let descriptor = 3; descriptor < 3 + count; descriptor++)
    if (!caller.gave(descriptor))
      throw new RuntError('usage', {
        text: `unable to stat preserved-fd ${descriptor} (of ${count}): it is not open`,
      });
}
