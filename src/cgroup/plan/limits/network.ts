/**
 * linux.resources.network: config-linux.md#network. v2 has no such controllers; what they did is done by BPF there.
 */
import { digits, file, type LimitRule } from './rule.ts';

export const networkRules: readonly LimitRule[] = [
  {
    property: 'network.classID',
    controller: 'net_cls',
    asked: ({ network }) => (network?.classID ?? 0) > 0,
    v1: file('net_cls.classid', 'the number', ({ network }) =>
      network?.classID ? digits(network.classID) : undefined,
    ),
  },
  {
    property: 'network.priorities',
    controller: 'net_prio',
    asked: ({ network }) => (network?.priorities?.length ?? 0) > 0,
    v1: {
      file: 'net_prio.ifpriomap',
      value: '`NAME PRIORITY`',
      writes: ({ network }) =>
        (network?.priorities ?? []).map(({ name, priority }) => ({
          file: 'net_prio.ifpriomap',
          value: `${name} ${digits(priority)}`,
          line: { key: name, reset: `${name} 0` },
        })),
    },
  },
];
