/**
 * linux.resources.hugepageLimits: config-linux.md#huge-page-limits.
 *
 * What a program reserves by mmap(2) is counted apart from what it has touched. Both get the limit, where the kernel
 * counts the first at all (Linux 5.7), or the limit would be met by SIGBUS instead of a refusal.
 */
import type { Resources } from '../../../bundle/config.ts';
import { digits, type LimitRule, type LimitTarget, type LimitWrite } from './rule.ts';

function limitsOf(suffix: string, reserved: string): LimitTarget['writes'] {
  return ({ hugepageLimits = [] }: Resources) =>
    hugepageLimits.flatMap(({ pageSize, limit }): LimitWrite[] => {
      const value = digits(limit);
      return [
        { file: `hugetlb.${pageSize}.${suffix}`, value },
        { file: `hugetlb.${pageSize}.${reserved}`, value, optional: true },
      ];
    });
}

export const hugepageRules: readonly LimitRule[] = [
  {
    property: 'hugepageLimits',
    controller: 'hugetlb',
    asked: ({ hugepageLimits }) => (hugepageLimits?.length ?? 0) > 0,
    v1: {
      file: 'hugetlb.<pageSize>.limit_in_bytes',
      value: 'bytes; also to `hugetlb.<pageSize>.rsvd.limit_in_bytes`',
      writes: limitsOf('limit_in_bytes', 'rsvd.limit_in_bytes'),
    },
    v2: {
      file: 'hugetlb.<pageSize>.max',
      value: 'bytes; also to `hugetlb.<pageSize>.rsvd.max`',
      writes: limitsOf('max', 'rsvd.max'),
    },
  },
];
