import { expect, test } from 'vitest';
import type { Config } from '../../src/bundle/config.ts';
import { emptySlot } from '../../src/plan/flags.ts';
import { modernMounts } from '../../src/plan/mount-api.ts';
import { startDraft } from '../../src/plan/plan.ts';
import { addProcWrites, sysctlPath } from '../../src/plan/proc-writes.ts';
import { inputOf, smallConfig } from '../support/plans.ts';

test.each([
  ['net.ipv4.ip_forward', 'sys/net/ipv4/ip_forward'],
  ['net/ipv4/ip_forward', 'sys/net/ipv4/ip_forward'],
  // sysctl(8): the other separator then stands for itself
  ['net/ipv4/conf/eth0.1/rp_filter', 'sys/net/ipv4/conf/eth0.1/rp_filter'],
  ['net.ipv4.conf.eth0/1.rp_filter', 'sys/net/ipv4/conf/eth0.1/rp_filter'],
  ['name', 'sys/name'],
])('%s is %s', (name, path) => {
  expect(sysctlPath(name)).toBe(path);
});

function operations(config: Config): object[] {
  const draft = startDraft([]);
  addProcWrites(draft, modernMounts(draft), inputOf(config));
  return draft.steps.map(({ op }) => op);
}

test('nothing is made where nothing is to be written', () => {
  expect(operations(smallConfig())).toEqual([]);
});

test('writes go through a procfs of their own, which is closed again', () => {
  const config = smallConfig({
    process: { cwd: '/', oomScoreAdj: 0 },
    linux: { sysctl: { 'kernel.msgmax': '65536' } },
  });
  expect(operations(config)).toEqual([
    {
      kind: 'newMount',
      type: 'proc',
      parameters: ['source=proc'],
      attributes: 0,
      like: emptySlot,
      into: 0,
    },
    { kind: 'writeFile', folder: 0, path: 'sys/kernel/msgmax', text: '65536' },
    { kind: 'writeFile', folder: 0, path: 'self/oom_score_adj', text: '0' },
    { kind: 'closeSlot', slot: 0 },
  ]);
});
