/**
 * A device has an absolute path and, unless it is a FIFO, numbers that fit the kernel's.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';

/** Bits that makedev() leaves for each in the kernel's 32-bit dev_t. */
const largest = { major: 2 ** 12 - 1, minor: 2 ** 20 - 1 } as const;

export function devices({ linux }: Config): Finding[] {
  return (linux?.devices ?? []).flatMap((device, index) => {
    const at = below('/linux/devices', index);
    const section = 'config-linux.md#devices';
    const pathFault = device.path.startsWith('/')
      ? []
      : finding({
          code: 'device-path',
          pointer: below(at, 'path'),
          value: device.path,
          allowed: 'an absolute path inside the container',
          section,
        });
    if (device.type === 'p') return pathFault;
    const numberFaults = (['major', 'minor'] as const).flatMap((name) => {
      const value = device[name];
      if (value !== undefined && value >= 0 && value <= largest[name]) return [];
      const allowed = `a number from 0 to ${largest[name]}: required unless the type is p`;
      return finding({ code: 'device-number', pointer: below(at, name), value, allowed, section });
    });
    return [pathFault, numberFaults].flat();
  });
}
