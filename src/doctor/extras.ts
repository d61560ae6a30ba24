/**
 * What only some configs and commands ask for: criu and resctrl.
 */
import { type Check, note, ok, warn } from './check.ts';
import type { HostFacts } from './facts.ts';

export const judgeExtras = (facts: HostFacts): readonly Check[] => [
  judgeCriu(facts),
  judgeResctrl(facts),
];

function judgeCriu({ criu }: HostFacts): Check {
  if (criu === undefined)
    return note('criu', 'is not installed: nothing can checkpoint a container', 'apt install criu');
  const { path, version, complaint } = criu;
  if (version === undefined)
    return warn('criu', `${path} does not tell its version: ${complaint ?? 'no answer'}`);
  if (complaint !== undefined)
    return note('criu', `${version}, and its own check says: ${complaint}`);
  return ok('criu', version);
}

function judgeResctrl({ resctrl }: HostFacts): Check {
  const { offered, mountpoint } = resctrl;
  if (mountpoint !== undefined) return ok('resctrl', `mounted on ${mountpoint}`);
  const refused = 'configs with intelRdt are refused';
  return offered
    ? note('resctrl', `is not mounted: ${refused}`, 'mount -t resctrl resctrl /sys/fs/resctrl')
    : note('resctrl', `is not in this processor or kernel: ${refused}`);
}
