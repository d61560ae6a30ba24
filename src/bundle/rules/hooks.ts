/**
 * A hook is named absolutely, and its time limit is more than nothing.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, HookStage } from '../config.ts';
import { below, finding } from '../finding.ts';

const stages: readonly HookStage[] = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop',
];

export function hooks({ hooks: all = {} }: Config): Finding[] {
  const section = 'config.md#posix-platform-hooks';
  return stages.flatMap((stage) =>
    (all[stage] ?? []).flatMap(({ path, timeout }, index) => {
      const at = below('/hooks', stage, index);
      const findings: Finding[] = [];
      if (!path.startsWith('/')) {
        const allowed = 'an absolute path';
        findings.push(
          finding({ code: 'hook-path', pointer: below(at, 'path'), value: path, allowed, section }),
        );
      }
      if (timeout !== undefined && timeout <= 0) {
        const pointer = below(at, 'timeout');
        const allowed = 'seconds, more than zero';
        findings.push(finding({ code: 'hook-timeout', pointer, value: timeout, allowed, section }));
      }
      return findings;
    }),
  );
}
