/**
 * The table of all limits, in the order in which they are written.
 */
import { blockIoRules } from './block-io.ts';
import { cpuRules } from './cpu.ts';
import { hugepageRules } from './hugepages.ts';
import { memoryRules } from './memory.ts';
import { networkRules } from './network.ts';
import { pidsRules } from './pids.ts';
import { rdmaRules } from './rdma.ts';
import type { LimitRule } from './rule.ts';

export const limitRules: readonly LimitRule[] = [
  ...memoryRules,
  ...cpuRules,
  ...blockIoRules,
  ...hugepageRules,
  ...networkRules,
  ...rdmaRules,
  ...pidsRules,
];
