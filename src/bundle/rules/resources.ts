/**
 * Limits that contradict each other, or say nothing, are refused before a cgroup is made.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, Resources } from '../config.ts';
import { below, finding } from '../finding.ts';

const at = '/linux/resources';

/** `change`: limits that are to be put together with others before they hold. */
export function resources({ linux }: Config, use?: 'change'): Finding[] {
  const limits = linux?.resources ?? {};
  return [
    ...(use === 'change' ? [] : [...cpuBurst(limits), ...swap(limits)]),
    ...blockWeights(limits),
    ...rdma(limits),
    ...unified(limits),
  ];
}

function cpuBurst({ cpu }: Resources): Finding[] {
  const { quota = 0, burst = 0 } = cpu ?? {};
  // a quota of 0 or less is no limit, and a burst has nothing to add to
  if (quota <= 0 || burst <= quota) return [];
  const allowed = `at most the quota, ${quota}`;
  const pointer = below(at, 'cpu', 'burst');
  return [
    finding({ code: 'cpu-burst', pointer, value: burst, allowed, section: 'config-linux.md#cpu' }),
  ];
}

function swap({ memory }: Resources): Finding[] {
  const { limit = 0, swap: both = 0 } = memory ?? {};
  if (limit < 0 || both <= 0 || (limit > 0 && both >= limit)) return [];
  const allowed =
    limit === 0
      ? 'nothing: unable to set swap limit without memory limit'
      : `memory and swap together, at least the memory limit ${limit}`;
  const pointer = below(at, 'memory', 'swap');
  return [
    finding({
      code: 'memory-swap',
      pointer,
      value: both,
      allowed,
      section: 'config-linux.md#memory',
    }),
  ];
}

function blockWeights({ blockIO }: Resources): Finding[] {
  return (blockIO?.weightDevice ?? []).flatMap((value, index) => {
    if (value.weight !== undefined || value.leafWeight !== undefined) return [];
    const pointer = below(at, 'blockIO', 'weightDevice', index);
    const allowed = 'weight, leafWeight, or both';
    const section = 'config-linux.md#block-io';
    return finding({ code: 'block-io-weight', pointer, value, allowed, section });
  });
}

/** config-linux.md#unified: names of files in the cgroup, none of them elsewhere. */
function unified({ unified: files = {} }: Resources): Finding[] {
  return Object.keys(files).flatMap((key) => {
    if (/^[a-z]\w*\.[^/\0]+$/.test(key)) return [];
    const allowed = 'a file name of the form CONTROLLER.PARAMETER';
    const pointer = below(at, 'unified', key);
    return [
      {
        code: 'unified',
        pointer,
        found: JSON.stringify(key),
        allowed,
        section: 'config-linux.md#unified',
      },
    ];
  });
}

function rdma({ rdma: devices = {} }: Resources): Finding[] {
  return Object.entries(devices).flatMap(([name, value]) => {
    if (value.hcaHandles !== undefined || value.hcaObjects !== undefined) return [];
    const allowed = 'hcaHandles, hcaObjects, or both';
    const pointer = below(at, 'rdma', name);
    return finding({
      code: 'rdma-limit',
      pointer,
      value,
      allowed,
      section: 'config-linux.md#rdma',
    });
  });
}
