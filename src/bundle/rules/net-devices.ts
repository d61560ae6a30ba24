/**
 * Network interfaces move into a network namespace of the container, under names that the kernel takes and no name twice.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';
import { hasNamespace } from '../namespaces.ts';

/** IFNAMSIZ less the closing NUL. */
const longest = 15;
const at = '/linux/netDevices';

export function netDevices(config: Config): Finding[] {
  const devices = Object.entries(config.linux?.netDevices ?? {});
  if (devices.length === 0) return [];
  const section = 'config-linux.md#network-devices';
  const findings: Finding[] = [];
  if (!hasNamespace(config, 'network')) {
    const allowed = 'none here: unable to move network devices without a NET namespace';
    const value = config.linux?.netDevices;
    findings.push(
      finding({ code: 'net-devices-need-network', pointer: at, value, allowed, section }),
    );
  }
  const taken = new Set<string>();
  for (const [name, device] of devices) {
    const ownName = device.name ?? '';
    const newName = ownName === '' ? name : ownName;
    const pointer = ownName === '' ? below(at, name) : below(at, name, 'name');
    if (!isName(name) || !isName(newName) || !isTemplate(newName)) {
      const allowed = `a name of 1 to ${longest} characters without spaces, "/" and ":", and one "%d" at most`;
      findings.push(
        finding({ code: 'net-device-name', pointer, value: newName, allowed, section }),
      );
    }
    // the kernel makes each name of a template unique
    if (taken.has(newName) && !newName.includes('%d')) {
      const allowed = 'a name that no other device gets';
      findings.push(
        finding({ code: 'net-device-duplicate', pointer, value: newName, allowed, section }),
      );
    }
    taken.add(newName);
  }
  return findings;
}

/** dev_prep_valid_name() of the kernel: a number fills in the one `%d`. */
const isTemplate = (name: string): boolean => /^[^%]*(%d[^%]*)?$/.test(name);

/** dev_valid_name() of the kernel. */
function isName(name: string): boolean {
  return (
    /^[^\s/:]+$/.test(name) &&
    new TextEncoder().encode(name).length <= longest &&
    name !== '.' &&
    name !== '..'
  );
}
