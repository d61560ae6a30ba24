/**
 * Ambient capabilities that no kernel would raise: told of, and left out of the plan.
 */
import type { Logger } from '../base/log.ts';
import type { Process } from '../bundle/config.ts';
import { unraisableAmbient } from '../plan/capability.ts';

/** What the kernel would not raise is left out, as runc leaves it. */
export function warnOfAmbient(log: Logger, { capabilities }: Process): void {
  for (const name of unraisableAmbient(capabilities ?? {}))
    log.warning(`can't raise ambient capability ${name}: operation not permitted`);
}
