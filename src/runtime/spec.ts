/**
 * `spec`: a config.json to start from, never over one that is there.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuntError } from '../base/errors.ts';
import { defaultConfigText } from '../bundle/default-config.ts';
import type { SpecRequest } from './requests.ts';

export function spec({ bundle }: SpecRequest, cgroupV2: boolean): void {
  const path = join(bundle, 'config.json');
  try {
    writeFileSync(path, defaultConfigText({ cgroupV2 }), { flag: 'wx', mode: 0o666 });
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    if (errno === 'EEXIST')
      throw new RuntError('usage', { text: 'File config.json exists. Remove it first' }, { cause });
    throw new RuntError('system-call', { doing: `write ${path}`, errno }, { cause });
  }
}
