/**
 * `spec`: a config.json to start from, never over one that is there.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuntError } from '../base/errors.ts';
import { defaultConfigText } from '../bundle/default-config.ts';
import type { SpecRequest } from './requests.ts';

/** Of this process: who calls, and what the host has. */
export interface SpecHost {
  readonly cgroupV2: boolean;
  readonly euid: number;
  readonly egid: number;
}

export function spec({ bundle, rootless, hostname }: SpecRequest, host: SpecHost): void {
  const { cgroupV2, euid, egid } = host;
  const path = join(bundle, 'config.json');
  try {
    const text = defaultConfigText({
      cgroupV2,
      ...(hostname !== undefined && { hostname }),
      ...(rootless && { user: { uid: euid, gid: egid } }),
    });
    writeFileSync(path, text, { flag: 'wx', mode: 0o666 });
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    if (errno === 'EEXIST')
      throw new RuntError('usage', { text: 'File config.json exists. Remove it first' }, { cause });
    throw new RuntError('system-call', { doing: `write ${path}`, errno }, { cause });
  }
}
